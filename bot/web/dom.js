// Small helpers to build the page: every text goes in as a text node, never as markup.

export function h(nom, attributs, ...enfants) {
  const element = document.createElement(nom);
  for (const [cle, valeur] of Object.entries(attributs || {})) {
    if (valeur === null || valeur === undefined || valeur === false) continue;
    if (cle === "onclick") element.addEventListener("click", valeur);
    else element.setAttribute(cle, valeur === true ? "" : String(valeur));
  }
  element.append(...enfants.flat().filter((enfant) => enfant !== null && enfant !== undefined && enfant !== false && enfant !== ""));
  return element;
}

export const cache = (texte) => h("span", { class: "invisible" }, texte);
export const signe = (texte) => h("span", { "aria-hidden": "true" }, texte);

// A link of ours or to a map, in a new tab: the conversation stays where it is.
export const dehors = (adresse, attributs, ...enfants) =>
  h("a", { href: adresse, target: "_blank", rel: "noopener", ...attributs }, ...enfants, cache(" (nouvel onglet)"));

export function appel(numero, attributs, ...enfants) {
  const schema = attributs && attributs.sms ? "sms:" : "tel:";
  return h("a", { class: "tel", ...attributs, sms: null, href: schema + numero.replace(/[^\d+]/g, "") }, ...(enfants.length ? enfants : [numero]));
}

export const surCarte = (adresse, texte = "Voir sur la carte") =>
  dehors(`https://www.openstreetmap.org/search?query=${encodeURIComponent(adresse)}`, { class: "carte", rel: "noopener noreferrer" }, texte);

// Phone numbers and e-mail addresses of a sentence become links.
const LIENS = /(?<!\d)0\d(?:[ .]?\d{2}){4}(?!\d)|(?<!\d)0 8\d{2} \d{2} \d{2} \d{2}(?!\d)|[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;

export function relie(texte) {
  const morceaux = [];
  let debut = 0;
  for (const vu of texte.matchAll(LIENS)) {
    morceaux.push(texte.slice(debut, vu.index));
    morceaux.push(vu[0].includes("@") ? h("a", { href: `mailto:${vu[0]}` }, vu[0]) : appel(vu[0]));
    debut = vu.index + vu[0].length;
  }
  morceaux.push(texte.slice(debut));
  return morceaux;
}
