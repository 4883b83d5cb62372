// One answer of the assistant as a card. Its text is always enough; `custom` dresses what it can.
import { appel, cache, dehors, h, relie, signe, surCarte } from "./dom.js";

const GENRES_AVEC_FICHE = new Set(["orientation", "reperage", "eligibilite"]);
const PREFIXES = /^(À savoir|Depuis la convention|Et aussi[^:]*|Nom|Attention[^:]*|En projet[^:]*|Conditions|Public|Coût|Lieu|Mairie|Courriel|Horaires[^:]*|Stratégies d'évitement|Signes|Comment en parler|Ce qu'elle contient|Ce qu'elle porte|Pilotes|Échéance|Partenaires[^:]*|Objectifs|Résultats[^:]*|Indicateurs|Téléphone) : /;
const LIEUX_MONTRES = 3;

const liste = (valeur) => (Array.isArray(valeur) ? valeur : []);
const dit = (valeur) => (valeur === null || valeur === undefined ? "" : String(valeur));

export function ageDit(age) {
  if (age < 2 && !Number.isInteger(age)) return `${Math.round(age * 12)} mois`;
  return `${Math.floor(age)} an${age >= 2 ? "s" : ""}`;
}

// What was understood, as parts that can be removed: { texte, mots } where mots are read back by the assistant.
export function parties(comprehension, lexique) {
  const c = comprehension || {};
  const suite = liste(c.besoins).map((b) => ({ genre: "besoin", texte: dit(b.nom), mots: dit(b.nom) }));
  for (const age of liste(c.ages)) suite.push({ genre: "age", texte: ageDit(age), mots: ageDit(age) });
  if (c.commune && c.commune.nom) suite.push({ genre: "commune", texte: dit(c.commune.nom), mots: dit(c.commune.nom) });
  const faits = c.faits || {};
  const loge = faits.locataire || faits.proprietaire || faits.heberge;
  const demandes = new Set(Object.values(lexique.questions));
  for (const [cle, vrai] of Object.entries(faits)) {
    const nom = lexique.faits[cle];
    const vaDeSoi = (cle === "sans_abri" && loge) || (cle === "locataire" && faits.proprietaire) || (cle === "proprietaire" && faits.locataire);
    if (!nom || (!vrai && (!demandes.has(cle) || vaDeSoi))) continue;
    suite.push(partieDuFait(cle, vrai, lexique));
  }
  return suite;
}

export function partieDuFait(cle, vrai, lexique) {
  const pas = vrai ? "" : "pas ";
  return { genre: "fait", cle, texte: pas + lexique.faits[cle], mots: pas + (lexique.relus[cle] || lexique.faits[cle]) };
}

export const enMots = (suite) => suite.map((p) => p.mots).join(", ");

// gestes: { envoie(texte, dit), corrige(parties, retiree), passe() }
export function carte(message, lexique, gestes) {
  const texte = dit(message.text);
  const custom = message.custom && typeof message.custom === "object" ? message.custom : {};
  const boutons = liste(message.buttons).map((b) => dit(b.title)).filter(Boolean);
  // The answers to the one question are drawn beside it.
  const contexte = { texte, custom, boutons: custom.question ? [] : boutons, lexique, gestes, sigles: siglesDits(texte), sens: new Set() };
  const article = h("article", { class: "reponse", "data-genre": dit(custom.kind) });
  const urgence = liste(custom.urgence).length ? bandeau(custom) : null;
  const compris = parties(custom.comprehension, lexique);
  article.append(...[h("h2", { class: "invisible" }, "Réponse"), urgence, compris.length ? jetons(compris, gestes) : null].filter(Boolean));
  const { corps, relais, ecartes, source, question } = lignes(contexte, Boolean(urgence), Boolean(compris.length));
  article.append(...corps);
  if (relais) article.append(relais);
  if (contexte.boutons.length && !contexte.boutonsPoses) article.append(h("div", { class: "choix" }, boutons.map((b) => choix(b, gestes))));
  if (question) article.append(laQuestion(question, compris, contexte));
  if (ecartes.length) article.append(desEcartes(ecartes));
  const pied = h("footer", {}, source ? h("p", { class: "source" }, source) : null, fichePersonne(custom));
  if (pied.childNodes.length) article.append(pied);
  return article;
}

// Lines of the text, each to its place.
function lignes(contexte, avecBandeau, avecJetons) {
  const { texte, custom } = contexte;
  const propositions = liste(custom.propositions).filter((p) => !(custom.kind === "eligibilite" && p.service === custom.service));
  const besoins = new Set(liste(custom.comprehension && custom.comprehension.besoins).map((b) => `${b.nom} :`));
  const corps = [];
  const ecartes = [];
  let [relais, source, question, puces, poses, premiere] = [null, "", "", null, false, true];
  for (const brut of texte.split("\n")) {
    const ligne = brut.trim();
    if (!ligne) continue;
    if (avecJetons && ligne.startsWith("Compris : ")) continue;
    if (avecBandeau && /^(URGENCE – appelez|En cas de danger maintenant, d'abord) : /.test(ligne)) continue;
    if (custom.question && ligne === custom.question) { question = ligne; continue; }
    if (ligne.startsWith("Source : ")) { source = ligne; continue; }
    if (ligne.startsWith("Écarté : ")) { ecartes.push(ligne.slice(9)); continue; }
    if (propositions.length && besoins.has(ligne)) continue;
    if (propositions.length && /^\d+\. /.test(ligne)) {
      if (!poses) corps.push(...lesPortes(propositions, contexte));
      poses = true;
      premiere = false;
      continue;
    }
    const relayee = leRelais(ligne, contexte);
    if (relayee) { relais = relayee; continue; }
    if (ligne.startsWith("- ")) {
      if (!puces) corps.push((puces = h("ul", { class: "puces" })));
      puces.append(unePuce(ligne.slice(2), puces.childElementCount, contexte));
      continue;
    }
    puces = null;
    corps.push(premiere ? laPremiere(ligne, custom) : uneLigne(ligne));
    premiere = false;
  }
  corps.push(...complements(custom));
  return { corps, relais, ecartes, source, question };
}

function laPremiere(ligne, custom) {
  const verdict = custom.kind === "eligibilite" || custom.kind === "orientation" ? (/^(Oui|Non|À vérifier)/.exec(ligne) || [])[1] : null;
  const code = { Oui: "oui", Non: "non", "À vérifier": "doute" }[verdict];
  return h("p", { class: "tete", "data-verdict": code }, relie(ligne));
}

function uneLigne(ligne) {
  const numero = /^Numéro national : ([\d ]+?) – (.*)$/.exec(ligne);
  if (numero) return h("p", { class: "numero" }, h("strong", {}, "Numéro national : "), appel(numero[1]), " – ", ...relie(numero[2]));
  const prefixe = PREFIXES.exec(ligne);
  if (!prefixe) return h("p", {}, relie(ligne));
  const alerte = prefixe[1].startsWith("Attention") || prefixe[1].startsWith("En projet");
  return h("p", { class: alerte ? "remarque attention" : "remarque" }, h("strong", {}, `${prefixe[1]} : `), ...relie(ligne.slice(prefixe[0].length)));
}

// A line of a list: a place with its map, a button to choose, an action sheet to open, or plain text.
function unePuce(texte, rang, contexte) {
  const { custom, boutons, gestes } = contexte;
  const bouton = boutons.find((b) => texte === b || texte.startsWith(`${b} : `));
  if (bouton) {
    contexte.boutonsPoses = true;
    return h("li", { class: "au-choix" }, choix(bouton, gestes), texte.slice(bouton.length).replace(/^ : /, " "));
  }
  const fiche = custom.kind === "fiches" && liste(custom.fiches).find((n) => texte.startsWith(`${n} – `));
  if (fiche) return h("li", {}, h("button", { type: "button", class: "calme petit-bouton", onclick: () => gestes.envoie(`fiche ${fiche}`) }, cache("Fiche "), fiche), texte.slice(fiche.length));
  const lieu = custom.kind === "annuaire" ? liste(custom.lieux)[rang] : null;
  if (lieu && texte.startsWith(lieu.nom)) return h("li", {}, h("strong", {}, lieu.nom), ...relie(texte.slice(lieu.nom.length)), " ", lieu.adresse ? surCarte(adresseDe(lieu)) : null);
  return h("li", {}, relie(texte));
}

const choix = (titre, gestes) => h("button", { type: "button", class: "calme", onclick: () => gestes.envoie(titre) }, titre);

function bandeau(custom) {
  const maintenant = custom.kind === "urgence";
  const items = liste(custom.urgence).map((n) => {
    const sms = /SMS/.test(`${dit(n.nom)} ${dit(n.usage)}`);
    return h("li", {}, appel(dit(n.numero), { class: "urgent", sms }, h("strong", {}, dit(n.numero)), " ", h("span", {}, dit(n.nom))), n.usage ? h("span", { class: "usage" }, dit(n.usage)) : null);
  });
  return h("div", { class: maintenant ? "bandeau" : "bandeau doute", role: "group", "aria-label": "Numéros à appeler" },
    h("p", { class: "bandeau-titre" }, signe("⚠ "), maintenant ? "URGENCE – appelez" : "En cas de danger maintenant, d'abord"), h("ul", {}, items));
}

function jetons(compris, gestes) {
  const items = compris.map((partie) =>
    h("li", {}, h("button", { type: "button", class: "jeton", title: `Retirer « ${partie.texte} »`, onclick: () => gestes.corrige(compris.filter((p) => p !== partie), partie) },
      cache("Retirer : "), h("span", {}, partie.texte), signe("✕"))));
  return h("div", { class: "compris" }, h("p", {}, "Compris :"), h("ul", { "aria-label": "Ce qui a été compris" }, items));
}

function lesPortes(propositions, contexte) {
  const groupes = new Map();
  for (const p of propositions) groupes.set(p.besoin, [...(groupes.get(p.besoin) || []), p]);
  const noms = new Map(liste(contexte.custom.comprehension && contexte.custom.comprehension.besoins).map((b) => [b.id, b.nom]));
  const plusieurs = noms.size > 1;
  const blocs = [];
  let rang = 0;
  for (const [besoin, portes] of groupes) {
    if (plusieurs && noms.has(besoin)) blocs.push(h("h3", { class: "besoin" }, dit(noms.get(besoin))));
    blocs.push(h("ol", { class: "portes", start: rang + 1 }, portes.map((p) => unePorte(p, ++rang, contexte, plusieurs ? "h4" : "h3"))));
  }
  return blocs;
}

function unePorte(p, rang, contexte, titre) {
  const lieux = liste(p.lieux);
  const seul = lieux.length === 1 && p.distance_km !== null && p.distance_km !== undefined ? lieux[0] : null;
  const nom = deplie(seul ? dit(seul.nom) : dit(p.nom), contexte);
  const meta = [];
  if (seul && !dit(seul.nom).includes(dit(p.nom))) meta.push(deplie(dit(p.nom), contexte));
  else if (p.structure && !nom.toLowerCase().includes(dit(p.structure).toLowerCase())) meta.push(dit(p.structure));
  const li = h("li", { class: rang === 1 ? "porte premiere" : "porte" },
    h(titre, {}, h("span", { class: "rang", "aria-hidden": "true" }, String(rang)), dehors(`/fiche/${encodeURIComponent(dit(p.service))}`, {}, nom)));
  if (meta.length) li.append(h("p", { class: "qui" }, meta.join(" · ")));
  if (p.description) li.append(h("p", {}, relie(dit(p.description))));
  if (p.etat === "experimentation") li.append(h("p", { class: "verifier" }, signe("⚑ "), "Expérimentation en 2021 : à confirmer."));
  const pourquoi = liste(p.pourquoi).map(dit).join(", ");
  const aVerifier = liste(p.a_verifier).map(dit).join(", ");
  if (pourquoi) li.append(h("p", { class: "convient" }, signe("✓ "), h("strong", {}, "Convient : "), pourquoi));
  if (aVerifier) li.append(h("p", { class: "verifier" }, signe("? "), h("strong", {}, "À vérifier : "), aVerifier));
  if (lieux.length) li.append(...desLieux(lieux, seul ? p.distance_km : null, seul, Boolean(p.contact && p.contact.adresse)));
  li.append(leContact(p.contact, lieux, contexte.custom.relais), laSource(p));
  return li;
}

const deVille = (commune) => dit(commune.nom_de) || `de ${dit(commune.nom)}`;

const adresseDe = (lieu) => [lieu.adresse, lieu.commune ? [lieu.code_postal, lieu.commune].filter(Boolean).join(" ") : ""].filter(Boolean).join(", ");

function unLieu(lieu, distance, seul, dite = false) {
  const adresse = adresseDe(lieu);
  const km = typeof distance === "number" ? (distance < 0.5 ? "dans la commune" : `à ${Math.round(distance)} km`) : "";
  const details = [seul ? "" : dit(lieu.nom), lieu.adresse ? adresse : [dit(lieu.commune), dite ? "" : "adresse non connue"].filter(Boolean).join(", "), km].filter(Boolean).join(" · ");
  return h("li", {}, details, " ", lieu.adresse ? surCarte(adresse) : null);
}

// `dite`: the address is that of the contact, below.
function desLieux(lieux, distance, seul, dite) {
  const montres = lieux.slice(0, LIEUX_MONTRES).map((lieu) => unLieu(lieu, distance, seul, dite));
  const autres = lieux.slice(LIEUX_MONTRES).map((lieu) => unLieu(lieu, null, false));
  const blocs = [h("ul", { class: "lieux" }, montres)];
  if (autres.length) blocs.push(h("details", {}, h("summary", {}, `${autres.length} autre${autres.length > 1 ? "s" : ""} lieu${autres.length > 1 ? "x" : ""}`), h("ul", { class: "lieux" }, autres)));
  return blocs;
}

function leContact(contact, lieux, relais) {
  if (contact) {
    const adresse = contact.adresse && !lieux.some((lieu) => lieu.adresse) ? adresseDe(contact) : "";
    const moyens = [contact.nom ? dit(contact.nom) : null, contact.telephone ? appel(dit(contact.telephone)) : null, adresse || null, adresse ? surCarte(adresse) : null];
    if (!contact.telephone && contact.courriel) moyens.push(h("a", { href: `mailto:${dit(contact.courriel)}` }, dit(contact.courriel)));
    if (!contact.telephone && !contact.courriel && /^https?:/.test(dit(contact.site_web))) moyens.push(dehors(dit(contact.site_web), {}, "Voir le site"));
    const dits = moyens.filter(Boolean).flatMap((moyen, rang) => (rang ? [" · ", moyen] : [moyen]));
    return h("p", { class: "contact" }, h("strong", {}, "Contact : "), dits, " ", h("span", { class: "source" }, `(${dit(contact.confiance)})`));
  }
  const connu = lieux.some((lieu) => lieu.adresse) ? "Téléphone non connu de la base" : "Contact non connu de la base";
  if (!relais || !relais.telephone) return h("p", { class: "contact" }, `${connu} : passez par la mairie ou le CCAS.`);
  return h("p", { class: "contact" }, `${connu}. Relais : mairie ou CCAS ${deVille(relais)}, `, appel(dit(relais.telephone)));
}

function laSource(p) {
  const sources = liste(p.source);
  if (!sources.length) return "";
  const titre = `Source : ${dit(sources[0].source)} (${dit(sources[0].annee)})`;
  const citations = sources.filter((s) => s.citation);
  if (!citations.length) return h("p", { class: "source" }, titre);
  return h("details", { class: "source" }, h("summary", {}, titre),
    h("ul", {}, citations.map((s) => h("li", {}, `« ${dit(s.citation)} »${s.ligne ? `, ligne ${s.ligne} du document` : ""}`))));
}

// The town hall to turn to: address, phone, mail, hours, on one block.
function leRelais(ligne, { custom }) {
  const commune = custom.relais || (custom.kind !== "commune" && custom.commune && typeof custom.commune === "object" ? custom.commune : null);
  const dite = /^(.*?\. )?Relais : (.*)$/.exec(ligne);
  if (!dite) return null;
  const quoi = (dite[1] || "").trim().replace(/^Contact : l/, "L").replace(/^Téléphone : non connu/, "Téléphone non connu");
  const bloc = h("div", { class: "relais", role: "group", "aria-label": "Relais" });
  if (quoi) bloc.append(h("p", { class: "qui" }, quoi));
  if (!commune || !commune.nom) {
    bloc.append(h("p", {}, h("strong", {}, "Relais : "), ...relie(dite[2])));
    return bloc;
  }
  const provenance = (/\((annuaire[^)]*)\)/.exec(ligne) || [])[1];
  bloc.append(h("p", {}, h("strong", {}, `Relais : mairie ou CCAS ${deVille(commune)}`), commune.telephone ? " " : "", commune.telephone ? appel(dit(commune.telephone), { class: "tel grand" }) : " – téléphone non connu"));
  bloc.append(h("p", {}, dit(commune.adresse) || "Adresse non connue", " ", commune.adresse ? surCarte(dit(commune.adresse)) : null));
  if (commune.courriel) bloc.append(h("p", {}, h("a", { href: `mailto:${dit(commune.courriel)}` }, dit(commune.courriel))));
  if (commune.horaires_accueil) bloc.append(h("p", {}, `Horaires : ${dit(commune.horaires_accueil)}`));
  if (provenance) bloc.append(h("p", { class: "source" }, `Source : ${provenance}`));
  return bloc;
}

// The one question. Its answer is sent with all that is known, so that no word of it is lost.
function laQuestion(question, compris, { lexique, gestes }) {
  const cle = lexique.questions[question];
  const repond = (vrai) => () => {
    const suite = [...compris.filter((p) => p.cle !== cle), partieDuFait(cle, vrai, lexique)];
    gestes.envoie(enMots(suite), vrai ? "Oui" : "Non");
  };
  const bloc = h("div", { class: "question", role: "group", "aria-label": "Question pour préciser" }, h("p", {}, question));
  const reponses = h("div", { class: "choix" });
  const deux = alternatives(question);
  if (cle && lexique.faits[cle]) {
    reponses.append(h("button", { type: "button", onclick: repond(true) }, "Oui"), h("button", { type: "button", onclick: repond(false) }, "Non"));
  } else if (deux.length) {
    reponses.append(...deux.map((mots) => h("button", { type: "button", onclick: () => gestes.envoie([enMots(compris), relu(mots, lexique)].filter(Boolean).join(", "), mots) }, mots)));
  } else {
    reponses.append(h("span", { class: "qui" }, "Répondez dans la saisie, ou"));
  }
  reponses.append(h("button", { type: "button", class: "calme", onclick: () => { bloc.remove(); gestes.passe(); } }, cle ? "Je ne sais pas" : "Passer"));
  bloc.append(reponses);
  return bloc;
}

// « La personne est-elle propriétaire ou locataire ? » has two obvious answers.
function alternatives(question) {
  const vu = /^La (?:personne|demande) est-elle ([^,]+) ou ([^,]+) \?$/.exec(question);
  if (!vu) return [];
  return [vu[1], vu[1].startsWith("pour ") && !vu[2].startsWith("pour ") ? `pour ${vu[2]}` : vu[2]];
}

function relu(mots, lexique) {
  const cle = Object.keys(lexique.faits).find((c) => lexique.faits[c] === mots);
  return lexique.relus[cle] || mots;
}

function desEcartes(ecartes) {
  const titre = ecartes.length > 1 ? `${ecartes.length} services écartés : pourquoi` : "1 service écarté : pourquoi";
  return h("details", { class: "ecartes" }, h("summary", {}, titre), h("ul", {}, ecartes.map((ligne) => h("li", {}, relie(ligne)))));
}

function fichePersonne(custom) {
  const propositions = liste(custom.propositions);
  if (!GENRES_AVEC_FICHE.has(custom.kind) || !propositions.length) return null;
  const c = custom.comprehension || {};
  const age = liste(c.ages)[0];
  const champs = [
    ["besoins", liste(c.besoins).map((b) => dit(b.id)).join(",")],
    ["commune", dit(c.commune && c.commune.code_insee)],
    ["age", typeof age === "number" ? String(Math.floor(age)) : ""],
    ["services", [...new Set(propositions.map((p) => dit(p.service)))].join(",")],
  ];
  const requete = champs.map(([nom, valeur]) => `${nom}=${encodeURIComponent(valeur).replaceAll("%2C", ",").replaceAll("%2F", "/")}`).join("&");
  return dehors(`/fiche-usager?${requete}`, { class: "lien-bouton" }, "Fiche pour la personne");
}

function complements(custom) {
  if (custom.kind === "commune" && custom.commune && custom.commune.adresse) {
    return [h("p", {}, surCarte(`${custom.commune.adresse}`, "Voir la mairie sur la carte"))];
  }
  const lieux = liste(custom.lieux);
  if (custom.kind === "annuaire" && !custom.commune && lieux.length > 6) {
    const titre = custom.total > lieux.length ? `Voir les ${lieux.length} premiers lieux sur ${custom.total}` : `Voir les ${lieux.length} lieux`;
    return [h("details", {}, h("summary", {}, titre), h("ul", { class: "lieux" }, lieux.map((lieu) => unLieu(lieu, null, false))))];
  }
  if (custom.kind === "fiche" && custom.service) return [h("p", {}, dehors(`/fiche/${encodeURIComponent(dit(custom.service))}`, {}, "Ouvrir la fiche"))];
  return [];
}

// « VIF (Violences Intrafamiliales) »: sigles written out in the text, used once more in the titles of cards.
function siglesDits(texte) {
  return new Map(Array.from(texte.matchAll(/(?<![\w'’-])([A-Z][A-Z0-9]+i?) \(([^()]{4,120})\)/g), (vu) => [vu[1], vu[2]]));
}

function deplie(nom, { sigles, sens }) {
  return nom.replace(/(?<![\w'’(«-])[A-Z][A-Z0-9]+i?(?![\w'’-])/g, (sigle, place) => {
    const mots = sigles.get(sigle);
    if (!mots || sens.has(sigle) || nom.slice(place + sigle.length).startsWith(" (") || nom.toLowerCase().includes(mots.toLowerCase())) return sigle;
    sens.add(sigle);
    return `${sigle} (${mots})`;
  });
}
