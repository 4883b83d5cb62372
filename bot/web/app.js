"use strict";
(() => {
  const fil = document.getElementById("fil");
  const champ = document.getElementById("message");
  const etat = document.getElementById("etat");
  let session = nouvelleSession();
  let dernier = "";

  function nouvelleSession() {
    return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
  }

  function bloc(classe) {
    const article = document.createElement("article");
    article.className = classe;
    fil.append(article);
    return article;
  }

  function paragraphe(parent, texte, classe) {
    const p = document.createElement("p");
    p.textContent = texte;
    if (classe) p.className = classe;
    parent.append(p);
  }

  function montre(message) {
    const urgence = message.custom && message.custom.kind === "urgence";
    const article = bloc(urgence ? "urgence" : "reponse");
    for (const ligne of (message.text || "").split("\n")) {
      if (!ligne.trim()) continue;
      const classe = ligne.startsWith("Compris") ? "compris" : ligne.startsWith("Source") ? "source" : ligne.startsWith("Écarté") ? "ecarte" : "";
      paragraphe(article, ligne, classe);
    }
    if (message.buttons && message.buttons.length) {
      const choix = document.createElement("div");
      choix.className = "choix";
      for (const bouton of message.buttons) {
        const b = document.createElement("button");
        b.type = "button";
        b.textContent = bouton.title;
        b.addEventListener("click", () => envoie(bouton.title));
        choix.append(b);
      }
      article.append(choix);
    }
    article.scrollIntoView({ block: "start" });
  }

  async function envoie(texte) {
    texte = texte.trim();
    if (!texte) return;
    dernier = texte;
    paragraphe(bloc("moi"), texte);
    champ.value = "";
    etat.textContent = "";
    const attente = setTimeout(() => { etat.textContent = "Je cherche…"; }, 300);
    try {
      const reponse = await fetch("/webhooks/rest/webhook", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ sender: session, message: texte }),
      });
      if (!reponse.ok) throw new Error(String(reponse.status));
      for (const message of await reponse.json()) montre(message);
      clearTimeout(attente);
      etat.textContent = "";
    } catch {
      clearTimeout(attente);
      etat.textContent = "Le serveur ne répond pas. Votre message est gardé : renvoyez-le dans un instant.";
      champ.value = texte;
    }
    champ.focus();
  }

  document.getElementById("saisie").addEventListener("submit", (e) => { e.preventDefault(); envoie(champ.value); });
  champ.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.shiftKey) { e.preventDefault(); envoie(champ.value); }
    else if (e.key === "Escape") champ.value = "";
    else if (e.key === "ArrowUp" && !champ.value) { champ.value = dernier; e.preventDefault(); }
  });
  document.getElementById("nouvelle").addEventListener("click", () => {
    session = nouvelleSession();
    fil.replaceChildren();
    paragraphe(fil, "Tout est oublié. Dites la situation de la personne.", "accueil");
    champ.value = "";
    champ.focus();
  });
})();
