// Search as one types. Without this file the form works by itself.
"use strict";
(() => {
  const formulaire = document.getElementById("filtres");
  const mots = document.getElementById("q");
  const theme = document.getElementById("theme");
  const resultats = document.getElementById("resultats");
  const annonce = document.getElementById("annonce");
  let derniere = 0;
  let annonceur;
  let essai;

  const adresse = (chemin) => {
    const champs = new URLSearchParams();
    for (const [nom, valeur] of new FormData(formulaire)) if (valeur.trim()) champs.set(nom, valeur);
    const texte = champs.toString();
    return texte ? `${chemin}?${texte}` : chemin;
  };

  async function refresh() {
    const numero = ++derniere;
    clearTimeout(essai);
    try {
      const reponse = await fetch(adresse("/annuaire/lignes"));
      if (!reponse.ok) throw new Error(reponse.status);
      const donnees = await reponse.json();
      if (numero !== derniere) return;
      show(donnees);
    } catch {
      if (numero !== derniere) return;
      annonce.classList.remove("invisible");
      annonce.textContent = "Le serveur ne répond pas. La liste reprend dès son retour.";
      essai = setTimeout(refresh, 2000);
    }
  }

  function show(donnees) {
    annonce.classList.add("invisible");
    resultats.innerHTML = donnees.liste; // escaped by the server
    document.getElementById("carte-points").innerHTML = donnees.points;
    document.getElementById("carte-desc").textContent = donnees.description;
    for (const option of theme.options) if (option.value) option.textContent = `${option.dataset.nom} (${donnees.themes[option.value]})`;
    for (const lien of document.querySelectorAll(".raccourcis a")) {
      if (lien.dataset.theme === theme.value) lien.setAttribute("aria-current", "true");
      else lien.removeAttribute("aria-current");
    }
    history.replaceState(null, "", adresse("/annuaire"));
    clearTimeout(annonceur);
    annonceur = setTimeout(() => { annonce.textContent = document.getElementById("compte").textContent; }, 600);
  }

  formulaire.addEventListener("input", refresh);
  formulaire.addEventListener("submit", (e) => { e.preventDefault(); refresh(); });
  for (const lien of document.querySelectorAll(".raccourcis a")) {
    lien.addEventListener("click", (e) => {
      if (e.ctrlKey || e.metaKey || e.shiftKey) return;
      e.preventDefault();
      theme.value = theme.value === lien.dataset.theme ? "" : lien.dataset.theme;
      refresh();
    });
  }

  // Arrows go through the list; Escape comes back and empties.
  document.addEventListener("keydown", (e) => {
    const liens = [...resultats.querySelectorAll(".nom a")];
    const rang = liens.indexOf(document.activeElement);
    if (e.key === "ArrowDown" && (document.activeElement === mots || rang >= 0) && liens[rang + 1]) {
      e.preventDefault();
      liens[rang + 1].focus();
    } else if (e.key === "ArrowUp" && rang >= 0) {
      e.preventDefault();
      (liens[rang - 1] || mots).focus();
    } else if (e.key === "Escape" && (document.activeElement === mots || rang >= 0)) {
      e.preventDefault();
      mots.value = "";
      mots.focus();
      refresh();
    }
  });
})();
