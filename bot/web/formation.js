// Training: a clock, answers that outlive a server that restarts, and the live view. Without this file the forms work by themselves.
"use strict";
(() => {
  const ESSAI_MS = 2000;

  // The clock counts and never cuts.
  const chrono = document.querySelector("[data-chrono]");
  if (chrono) {
    const debut = performance.now();
    const temps = chrono.querySelector("[data-temps]");
    const duree = document.querySelector("input[name=duree]");
    chrono.hidden = false;
    setInterval(() => { temps.textContent = String(Math.floor((performance.now() - debut) / 1000)); }, 1000);
    chrono.closest("form").addEventListener("submit", () => { duree.value = ((performance.now() - debut) / 1000).toFixed(1); });
  }

  // An answer is sent until the server takes it; the server keeps the first and ignores the others.
  for (const formulaire of document.querySelectorAll("form[data-envoi]")) {
    const etat = formulaire.querySelector("[data-etat]");
    let parti = false;
    formulaire.addEventListener("submit", (e) => {
      if (new URL(formulaire.action).pathname.startsWith("/formation/solo")) return;
      e.preventDefault();
      if (parti) return;
      parti = true;
      const corps = new URLSearchParams(new FormData(formulaire));
      const send = async () => {
        try {
          const reponse = await fetch(formulaire.action, { method: "POST", body: corps });
          if (reponse.status === 400) { formulaire.submit(); return; }
          if (reponse.status >= 500) throw new Error(reponse.status);
          location.replace(reponse.url);
        } catch {
          etat.hidden = false;
          etat.textContent = "Le serveur ne répond pas. Votre réponse est gardée ici et repart toute seule.";
          setTimeout(send, ESSAI_MS);
        }
      };
      send();
    });
  }

  // Waiting for the next stage.
  const attente = document.querySelector("[data-attente]");
  if (attente) {
    setInterval(async () => {
      try {
        const { etape } = await (await fetch(attente.dataset.attente)).json();
        if (etape !== attente.dataset.etape) location.reload();
      } catch { /* the server restarts: the next try will say */ }
    }, ESSAI_MS);
  }

  // The live view: pushed by the server; asked for anew by the browser itself when the stream ends.
  const tableau = document.querySelector("[data-flux]");
  if (tableau) {
    const liaison = document.querySelector("[data-liaison]");
    const flux = new EventSource(tableau.dataset.flux);
    let coupure;
    flux.onmessage = (e) => {
      const { etape, html } = JSON.parse(e.data);
      if (etape !== tableau.dataset.etape) { location.reload(); return; }
      const ici = tableau.contains(document.activeElement) && document.activeElement.getAttribute("href");
      tableau.innerHTML = html; // escaped by the server
      const lien = ici && [...tableau.querySelectorAll("a")].find((a) => a.getAttribute("href") === ici);
      if (lien) lien.focus({ preventScroll: true });
    };
    flux.onopen = () => { clearTimeout(coupure); coupure = undefined; liaison.hidden = true; };
    flux.onerror = () => {
      if (flux.readyState === EventSource.CLOSED) { setTimeout(() => location.reload(), ESSAI_MS); return; }
      // The end of each stream is an error to the browser: say it only when it lasts.
      coupure ??= setTimeout(() => { liaison.hidden = false; liaison.textContent = "Le serveur ne répond pas. La vue reprend dès son retour."; }, 3000);
    };
  }
})();
