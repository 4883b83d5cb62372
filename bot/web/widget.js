// One line on an intranet page: <script src="http://SERVEUR/widget.js" defer></script>
// A button at the bottom right opens the chat in a frame. Nothing is asked of the page: no style, no cookie, no storage.
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script || window.tableOrientation) return;
  window.tableOrientation = true;
  const origine = new URL(script.src).origin;
  const PATIENCE = 6000; // without a sign of the chat, this site is probably not allowed

  const STYLE = `
    :host { all: initial; }
    * { box-sizing: border-box; font: 16px/1.4 system-ui, "Segoe UI", Roboto, sans-serif; }
    button, a { cursor: pointer; }
    .ouvre { position: fixed; right: 16px; bottom: 16px; z-index: 2147483000; min-height: 52px; padding: 10px 20px; border: 2px solid #fff; border-radius: 26px; background: #0b4f6c; color: #fff; font-weight: 700; box-shadow: 0 2px 10px rgb(0 0 0 / .35); }
    .volet { position: fixed; right: 16px; bottom: 16px; z-index: 2147483001; width: min(440px, calc(100vw - 16px)); height: min(720px, calc(100vh - 32px)); display: flex; flex-direction: column; background: #fffdf9; color: #1b2a32; border: 2px solid #0b4f6c; border-radius: 12px; overflow: hidden; box-shadow: 0 6px 30px rgb(0 0 0 / .4); }
    .barre { display: flex; justify-content: flex-end; align-items: center; gap: 8px; background: #0b4f6c; color: #fff; padding: 4px 6px 4px 12px; }
    .barre span { flex: 1; font-weight: 700; }
    .barre button, .barre a { min-height: 36px; min-width: 36px; display: inline-flex; align-items: center; justify-content: center; padding: 0 10px; border: 1px solid #fff; border-radius: 8px; background: transparent; color: #fff; text-decoration: none; font-size: 14px; }
    iframe { flex: 1; width: 100%; min-height: 0; border: 0; background: #f4f1ea; }
    .refus { margin: 0; padding: 16px; overflow-wrap: anywhere; }
    [hidden] { display: none !important; }
    :focus-visible { outline: 3px solid #d98e04; outline-offset: 2px; }
    @media (max-width: 480px) { .volet { right: 0; bottom: 0; width: 100vw; height: 100vh; height: 100dvh; border-radius: 0; } }
    @media (forced-colors: active) { .ouvre, .volet { border-color: CanvasText; } }
    @media print { :host { display: none; } }
  `;

  const cree = (nom, attributs, texte) => {
    const element = document.createElement(nom);
    for (const cle of Object.keys(attributs)) element.setAttribute(cle, attributs[cle]);
    if (texte) element.textContent = texte;
    return element;
  };

  const hote = cree("div", { lang: "fr", "data-table-orientation": "" });
  const racine = hote.attachShadow({ mode: "open" });
  // A constructed sheet is allowed by the page's own policy, whatever it says of styles.
  const feuille = new CSSStyleSheet();
  feuille.replaceSync(STYLE);
  racine.adoptedStyleSheets = [feuille];

  const ouvre = cree("button", { type: "button", class: "ouvre", "aria-expanded": "false", "aria-controls": "volet" }, "Table d'orientation");
  const volet = cree("section", { id: "volet", class: "volet", role: "dialog", "aria-label": "Table d'orientation", hidden: "" });
  const barre = cree("div", { class: "barre" });
  const refus = cree("p", { class: "refus", role: "alert", hidden: "" });
  const ferme = cree("button", { type: "button" }, "Fermer");
  const grand = cree("a", { href: `${origine}/`, target: "_blank", rel: "noopener" }, "Plein écran");
  barre.append(cree("span", {}, "Table d'orientation"), grand, ferme);
  volet.append(barre, refus);
  racine.append(ouvre, volet);

  let cadre = null;
  let pret = false;

  const vise = () => {
    if (!cadre) return;
    cadre.focus();
    cadre.contentWindow.postMessage({ table: "focus" }, origine);
  };

  const montre = (ouvert) => {
    volet.hidden = !ouvert;
    ouvre.hidden = ouvert;
    ouvre.setAttribute("aria-expanded", String(ouvert));
    if (!ouvert) { ouvre.focus(); return; }
    if (!cadre) {
      // Only now: the intranet page itself loads nothing of the chat.
      cadre = cree("iframe", { title: "Table d'orientation : conversation", src: `${origine}/`, referrerpolicy: "no-referrer" });
      volet.append(cadre);
      setTimeout(() => {
        if (pret) return;
        cadre.hidden = true;
        refus.hidden = false;
        refus.textContent = `La Table d'orientation ne s'ouvre pas dans cette page. Si le serveur répond en plein écran, demandez d'ajouter ${location.origin} au réglage TABLE_ORIGINES.`;
      }, PATIENCE);
    }
    ferme.focus();
    if (pret) vise();
  };

  window.addEventListener("message", (e) => {
    if (!cadre || e.origin !== origine || e.source !== cadre.contentWindow || !e.data) return;
    if (e.data.table === "pret") {
      pret = true;
      cadre.hidden = false;
      refus.hidden = true;
      if (!volet.hidden) vise();
    } else if (e.data.table === "ferme") montre(false);
  });
  ouvre.addEventListener("click", () => montre(true));
  ferme.addEventListener("click", () => montre(false));
  volet.addEventListener("keydown", (e) => { if (e.key === "Escape") montre(false); });

  document.body.append(hote);
})();
