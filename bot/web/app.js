// The counter's page: what is typed, what is answered, and the keys of the agent.
import { carte, enMots } from "./cartes.js";
import { h } from "./dom.js";
import { Liaison } from "./liaison.js";

const un = (id) => document.getElementById(id);
const [fil, champ, etat, saisie] = [un("fil"), un("message"), un("etat"), un("saisie")];
const accueil = fil.querySelector(".accueil");
const lexique = lireLexique();
const encadree = window.parent !== window;
const DELAI_INDICE = 300;

const ETATS = {
  perdu: "Le serveur ne répond pas. Votre message est gardé : il partira dès que le serveur sera revenu.",
  "perdu-vide": "Le serveur ne répond pas. Vous pouvez écrire : rien ne sera perdu.",
  revenu: "Le serveur est revenu. Votre message part.",
  "revenu-vide": "Le serveur est revenu.",
};

let attente = []; // messages to send, first one in flight
let passes = []; // what was typed for this person, for ↑
let rang = null;
let enVol = false;

const liaison = new Liaison((nom) => {
  const perdu = nom === "perdu";
  dis(ETATS[attente.length ? nom : `${nom}-vide`] || "", perdu ? "perdu" : "");
  for (const { bulle } of attente) bulle.toggleAttribute("data-attente", perdu);
  if (!perdu && !attente.length) setTimeout(() => { if (etat.textContent === ETATS["revenu-vide"]) dis(""); }, 4000);
});

function lireLexique() {
  const vide = { faits: {}, relus: {}, questions: {} };
  try {
    return { ...vide, ...JSON.parse(document.querySelector("meta[name=lexique]").content) };
  } catch {
    return vide;
  }
}

function dis(texte, genre = "") {
  etat.textContent = texte;
  etat.dataset.genre = genre;
}

// Send `texte`; the bubble shows `dite` before it when what is sent was not typed.
function envoie(texte, dite = "") {
  const message = texte.trim();
  if (!message) return;
  accueil.remove();
  for (const question of fil.querySelectorAll(".question")) question.remove();
  const bulle = h("article", { class: "moi" }, h("h2", { class: "invisible" }, "Votre message"), h("p", {}, dite ? h("strong", {}, `${dite} : `) : null, message));
  fil.append(bulle);
  fil.scrollTop = fil.scrollHeight;
  if (!dite) passes.push(message);
  rang = null;
  attente.push({ message, bulle });
  champ.focus();
  suivant();
}

async function suivant() {
  if (enVol || !attente.length) return;
  enVol = true;
  const { message, bulle } = attente[0];
  const indice = setTimeout(() => { if (etat.dataset.genre !== "perdu") dis("Je cherche…", "cherche"); }, DELAI_INDICE);
  let reponses;
  try {
    reponses = await liaison.demande(message);
  } catch {
    reponses = [{ text: "Un incident m'empêche de montrer la réponse. Renvoyez votre message." }];
  }
  clearTimeout(indice);
  if (!reponses) return; // forgotten: oublie() has already reset everything
  attente.shift();
  enVol = false;
  bulle.removeAttribute("data-attente");
  dis("");
  fil.append(...reponses.map(montre));
  versLeHaut(bulle);
  suivant();
}

// What was asked at the top, its answer below: in the thread, or in the page when the thread does not scroll.
function versLeHaut(bulle) {
  if (getComputedStyle(fil).overflowY === "visible") bulle.scrollIntoView({ block: "start" });
  else fil.scrollTop += bulle.getBoundingClientRect().top - fil.getBoundingClientRect().top - 10;
}

function montre(reponse) {
  try {
    return carte(reponse, lexique, { envoie, corrige, passe: () => champ.focus() });
  } catch {
    return carte({ text: reponse && reponse.text }, lexique, { envoie, corrige });
  }
}

// A part that was misunderstood goes; the rest is asked anew, as for someone of whom only that is known.
function corrige(parties, retiree) {
  const suite = attente;
  attente = [];
  enVol = false;
  for (const { bulle } of suite) bulle.remove();
  liaison.oublie();
  if (parties.length) {
    envoie(enMots(parties), `Sans « ${retiree.texte} »`);
    return;
  }
  fil.append(h("p", { class: "note" }, `« ${retiree.texte} » est retiré : plus rien n'est compris. Redites la situation.`));
  champ.focus();
}

function nouvelle() {
  attente = [];
  passes = [];
  rang = null;
  enVol = false;
  liaison.oublie();
  champ.value = "";
  dis("Tout est oublié. Dites la situation de la personne.");
  fil.replaceChildren(accueil);
  fil.scrollTop = 0;
  champ.focus();
}

function rappelle(pas) {
  const suivante = (rang === null ? passes.length : rang) + pas;
  if (suivante < 0 || suivante > passes.length) return;
  rang = suivante === passes.length ? null : suivante;
  champ.value = rang === null ? "" : passes[rang];
  champ.setSelectionRange(champ.value.length, champ.value.length);
}

function part() {
  const texte = champ.value;
  if (!texte.trim()) return;
  champ.value = "";
  envoie(texte);
}

saisie.addEventListener("submit", (e) => { e.preventDefault(); part(); });

champ.addEventListener("keydown", (e) => {
  if (e.isComposing) return;
  if (e.key === "Enter" && !e.shiftKey) {
    e.preventDefault();
    part();
  } else if (e.key === "Escape") {
    e.preventDefault();
    if (!champ.value && encadree) window.parent.postMessage({ table: "ferme" }, "*");
    champ.value = "";
    rang = null;
  } else if (e.key === "ArrowUp" && (!champ.value || rang !== null)) {
    e.preventDefault();
    rappelle(-1);
  } else if (e.key === "ArrowDown" && rang !== null) {
    e.preventDefault();
    rappelle(1);
  }
});

champ.addEventListener("input", () => {
  rang = null;
  if (champ.value.length >= champ.maxLength) dis("2 000 caractères : la fin du texte ne tient pas. Gardez la phrase qui dit le besoin.");
});

document.addEventListener("keydown", (e) => {
  if (e.altKey && !e.ctrlKey && !e.metaKey && e.code === "KeyN") {
    e.preventDefault();
    nouvelle();
  } else if (e.key === "Escape" && e.target !== champ) {
    champ.focus();
  } else if (e.key.length === 1 && e.key !== " " && !e.altKey && !e.ctrlKey && !e.metaKey && (e.target === document.body || e.target === fil)) {
    champ.focus(); // what is typed goes to the input, wherever the eyes were
  }
});

un("nouvelle").addEventListener("click", nouvelle);
for (const exemple of accueil.querySelectorAll("button")) exemple.addEventListener("click", () => envoie(exemple.textContent));

if (encadree) {
  document.documentElement.classList.add("encadree");
  window.addEventListener("message", (e) => {
    if (e.source === window.parent && e.data && e.data.table === "focus") champ.focus();
  });
  window.parent.postMessage({ table: "pret" }, "*");
}

champ.focus();
liaison.ouvre();
performance.mark("utilisable");
