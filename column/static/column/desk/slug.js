/* The story's address while it is written: the same folded words as column.text.slugs.slugify_vi makes on the server.
   Stands in for Wagtail's own controller, which has no letter for "đ" (“Điện Bàn” became “ien-ban”). */
(() => {
  const NUMBER = /-?\d{9}$/;

  class ColumnSlugController extends window.StimulusModule.Controller {
    static values = { table: Object, max: Number, fallback: String };

    connect() {
      this.number = this.numberOf(this.element.value);
      this.ownWords = false;
    }

    /* The editor writes an address of their own: the headline, whose events come late, leaves it alone. */
    typed() {
      this.ownWords = this.words() !== "";
    }

    numberOf(slug) {
      return (slug.trim().match(NUMBER) || [""])[0].replace("-", "");
    }

    fold(text) {
      const letters = Array.from(text.normalize("NFC").toLowerCase(), (letter) => this.tableValue[letter] ?? letter);
      const plain = letters.join("").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
      const slug = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "");
      if (slug.length <= this.maxValue) return slug;
      const cut = slug.slice(0, this.maxValue + 1);
      const at = cut.lastIndexOf("-");
      return (at > 0 ? cut.slice(0, at) : slug).slice(0, this.maxValue).replace(/-$/, "");
    }

    words() {
      return this.element.value.trim().replace(NUMBER, "");
    }

    write(words) {
      const value = [words, words && this.number].filter(Boolean).join("-");
      if (value === this.element.value) return;
      this.element.value = value;
      this.element.dispatchEvent(new Event("change", { bubbles: true }));
    }

    /* The editor left the field: what was typed becomes an address. */
    tidy() {
      this.write(this.fold(this.words()));
    }

    /* The headline got the focus: follow it only while the words are still the headline's. */
    compare(event) {
      const words = this.words();
      const headline = this.fold(event.detail.value || "");
      if (this.ownWords || (words && words !== this.fallbackValue && words !== headline)) event.preventDefault();
    }

    /* The headline changed. */
    follow(event) {
      event.preventDefault();
      if (!this.ownWords) this.write(this.fold(event.detail.value || ""));
    }
  }

  const register = () => window.wagtail.app.register("column-slug", ColumnSlugController);
  if (window.wagtail?.app) register();
  else document.addEventListener("wagtail:init", register, { once: true });
})();
