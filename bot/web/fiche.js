// Print, and read aloud with the browser's own voice.
"use strict";
(() => {
  const imprimer = document.querySelector("[data-geste=imprimer]");
  if (imprimer) {
    imprimer.hidden = false;
    imprimer.addEventListener("click", () => window.print());
  }

  const ecouter = document.querySelector("[data-geste=ecouter]");
  if (!ecouter || !("speechSynthesis" in window)) return;
  const cible = document.getElementById(ecouter.dataset.cible);
  const voix = window.speechSynthesis;
  ecouter.hidden = false;

  const stop = () => {
    voix.cancel();
    ecouter.textContent = "Écouter";
    ecouter.setAttribute("aria-pressed", "false");
  };

  // One sentence an utterance: long texts are cut off by some browsers.
  const phrases = () => {
    const titre = cible.querySelector("h1") ? "" : `${document.querySelector("h1").textContent}. `;
    const blocs = [...cible.querySelectorAll("h1, h2, h3, p, li, dt, dd")].filter((n) => !n.querySelector("p, li") && !n.closest("form, details, .preuves"));
    return [titre, ...blocs.map((n) => n.textContent)].map((t) => t.replace(/\s+/g, " ").trim()).filter(Boolean);
  };

  ecouter.addEventListener("click", () => {
    if (ecouter.getAttribute("aria-pressed") === "true") { stop(); return; }
    const francaise = voix.getVoices().find((v) => v.lang.toLowerCase().startsWith("fr"));
    const liste = phrases();
    voix.cancel();
    ecouter.textContent = "Arrêter la lecture";
    ecouter.setAttribute("aria-pressed", "true");
    liste.forEach((texte, rang) => {
      const lecture = new SpeechSynthesisUtterance(texte);
      lecture.lang = "fr-FR";
      if (francaise) lecture.voice = francaise;
      lecture.rate = 0.85;
      if (rang === liste.length - 1) lecture.onend = stop;
      voix.speak(lecture);
    });
  });
  window.addEventListener("pagehide", () => voix.cancel());
})();
