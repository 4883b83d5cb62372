// The way to the assistant: Socket.IO, else REST. A message is kept until it has been answered.
// The conversation's id lives in this object only: nothing is written in the browser.

const SANTE = "/webhooks/rest/";
const REST = "/webhooks/rest/webhook";
const PATIENCE = 20000;

class Coupure extends Error {}

export function identifiant() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (n) => n.toString(16).padStart(2, "0")).join("");
}

const pause = (ms) => new Promise((suite) => setTimeout(suite, ms));

export class Liaison {
  // surEtat receives "perdu", "revenu" or "".
  constructor(surEtat) {
    this.surEtat = surEtat;
    this.session = identifiant();
    this.tour = 0; // grows when all is forgotten: what was asked before is dropped
    this.prise = null;
    this.occupee = false;
    this.reveils = [];
    this.perdu = false; // said to be away, and not yet said to be back
  }

  ouvre() {
    if (!window.io) return;
    let refus = 0;
    this.prise = window.io({ transports: ["websocket", "polling"], tryAllTransports: true, reconnectionDelay: 400, reconnectionDelayMax: 1500, timeout: 5000 });
    this.prise.on("connect", () => {
      refus = 0;
      this.prise.emit("session_request", { session_id: this.session });
      this.reveille();
      if (this.perdu && !this.occupee) this.surEtat("revenu");
      if (!this.occupee) this.perdu = false;
    });
    this.prise.on("disconnect", (raison) => {
      if (raison === "io client disconnect") return;
      setTimeout(() => {
        if (this.prise.connected) return;
        this.perdu = true;
        if (!this.occupee) this.surEtat("perdu");
      }, 800);
    });
    this.prise.on("connect_error", () => {
      refus += 1;
      // Never connected: a proxy may forbid it. REST is enough.
      if (refus >= 4 && !this.perdu) this.prise.disconnect();
    });
  }

  oublie() {
    this.tour += 1;
    if (this.prise && this.prise.connected) this.prise.emit("session_end", { session_id: this.session });
    this.session = identifiant();
    this.reveille();
    if (!this.prise || !this.prise.connected) return;
    // A late answer goes to the former connection, hence nowhere.
    if (this.occupee) this.prise.disconnect().connect();
    else this.prise.emit("session_request", { session_id: this.session });
  }

  // The messages of the assistant, or null when all was forgotten meanwhile. Waits as long as the server is away.
  async demande(texte) {
    const tour = this.tour;
    this.occupee = true;
    try {
      for (;;) {
        try {
          const messages = await this.essaie(texte);
          this.perdu = false;
          return tour === this.tour ? messages : null;
        } catch (erreur) {
          if (tour !== this.tour) return null;
          if (!(erreur instanceof Coupure)) throw erreur;
          this.perdu = true;
          this.surEtat("perdu");
          await this.retour(tour);
          if (tour !== this.tour) return null;
          this.surEtat("revenu");
        }
      }
    } finally {
      if (tour === this.tour) this.occupee = false;
    }
  }

  async essaie(texte) {
    if (this.prise && this.prise.connected) {
      const messages = await this.parPrise(texte).catch((erreur) => {
        if (!(erreur instanceof Coupure)) throw erreur;
        return [];
      });
      if (messages.length) return messages;
    }
    return this.parRest(texte);
  }

  parPrise(texte) {
    const { prise } = this;
    const messages = [];
    return new Promise((suite, echec) => {
      const fin = (suiteOuEchec, valeur) => {
        clearTimeout(minuteur);
        prise.off("bot_uttered", recoit);
        prise.off("disconnect", coupe);
        suiteOuEchec(valeur);
      };
      const recoit = (message) => messages.push(message);
      const coupe = () => fin(echec, new Coupure());
      const minuteur = setTimeout(coupe, PATIENCE);
      prise.on("bot_uttered", recoit);
      prise.on("disconnect", coupe);
      prise.emit("user_uttered", { message: texte, session_id: this.session }, () => fin(suite, messages));
    });
  }

  async parRest(texte) {
    let reponse;
    try {
      reponse = await fetch(REST, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ sender: this.session, message: texte }),
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (reponse.ok) return await reponse.json();
    } catch {
      throw new Coupure();
    }
    if (reponse.status >= 500) throw new Coupure();
    const json = (reponse.headers.get("content-type") || "").startsWith("application/json");
    return json ? reponse.json() : [{ text: await reponse.text() }];
  }

  // Resolves when the server answers again, or when all is forgotten.
  async retour(tour) {
    while (tour === this.tour) {
      await Promise.race([pause(1000), new Promise((suite) => this.reveils.push(suite))]);
      if (tour !== this.tour || (this.prise && this.prise.connected)) return;
      try {
        if ((await fetch(SANTE, { cache: "no-store", signal: AbortSignal.timeout(4000) })).ok) return;
      } catch {
        // still away
      }
    }
  }

  reveille() {
    for (const suite of this.reveils.splice(0)) suite();
  }
}
