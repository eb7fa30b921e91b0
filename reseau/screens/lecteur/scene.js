"use strict";
// Two scenes, one above the other: the next page is made out of sight, then fades in.
Ecran.scene = (() => {
  const { html, draw, fit } = Ecran;
  const FADE = 600;
  const scenes = [document.getElementById("scene-1"), document.getElementById("scene-2")];
  let front = 0;
  let clearing = 0;

  const ctxFont = (language) => (/reseau latin/i.test(language.font) ? language.font : `${language.font}, "Reseau latin"`);

  function dress(node, language) {
    node.lang = language.code;
    node.dir = language.dir;
    node.style.fontFamily = `${ctxFont(language)}, sans-serif`;
  }

  function paint({ screen }) {
    const style = document.documentElement.style;
    const { background, ink, accent, on_accent: onAccent } = screen.colours;
    for (const [name, colour] of Object.entries({ background, ink, accent, "on-accent": onAccent })) {
      style.setProperty(`--${name}`, colour);
    }
  }

  function head(view, ctx) {
    const { screen } = ctx.content;
    const logo = screen.logo.startsWith("data:image/png;base64,")
      && html("img", { class: "logo", src: screen.logo, alt: "" });
    return html("header", { class: "head" }, html("span", { class: "sign" }, draw.icon(view.icon)),
      html("h1", { class: "title fit" }, view.title()), logo, html("div", { class: "now" }));
  }

  function languages({ content, words }) {
    const several = content.languages.length > 1 ? content.languages : [];
    const all = several.length > 5 ? several.filter(({ code }) => code === words.language.code) : several;
    return html("ul", { class: "languages" }, ...all.map((one) => {
      const current = one.code === words.language.code ? "true" : null;
      const name = html("li", { lang: one.code, dir: one.dir, "aria-current": current }, one.name);
      name.style.fontFamily = `${ctxFont(one)}, sans-serif`;
      return name;
    }));
  }

  function dots(page, pages, words) {
    if (pages < 2) return null;
    const row = Array.from({ length: pages }, (_, index) => html("i", { class: index === page ? "dot-on" : "dot-off" }));
    return html("p", { class: "pages" }, html("span", { class: "dots", "aria-hidden": "true" }, ...row),
      words.say("page", { n: String(page + 1), total: String(pages) }));
  }

  function foot(ctx, page, pages, french) {
    const { words, content, when, confirmed } = ctx;
    const day = Ecran.clock.local(Math.max(confirmed, Date.parse(content.made_at))).day;
    const left = [
      html("p", null, words.say(when.old ? "data_old" : "data_of", { date: words.date(day) })),
      content.screen.fictional && html("p", { class: "demo" }, words.say("demonstration")),
    ];
    if (ctx.invite && ctx.slide.kind !== "ideas") {
      const button = html("button", { type: "button", class: "invite" }, words.say("ideas_title"));
      button.addEventListener("click", ctx.invite);
      left.push(button);
    }
    const own = left.some((node) => node && node.querySelector(".in-french"));
    if (french || own) left.push(html("p", { class: "french" }, html("span", { lang: "fr" }, "FR"), words.say("in_french")));
    return html("footer", { class: "foot" }, html("div", { class: "about" }, ...left),
      dots(page, pages, words), languages(ctx));
  }

  // A scene with everything but its items; returns where they go.
  function stage(node, view, ctx) {
    const list = html(view.kind === "plan" ? "ul" : "div", { class: "items" });
    const plan = view.drawn ? html("div", { class: "map-box" }) : null;
    const main = html("main", { class: "main" },
      view.note && html("p", { class: "note" }, view.note()), html("div", { class: "body" }, plan, list),
      view.foot && html("p", { class: "call-now" }, draw.icon("urgence"), view.foot()));
    node.className = `scene ${view.kind}`;
    dress(node, ctx.words.language);
    node.replaceChildren(head(view, ctx), main, foot(ctx, 0, 2, true));
    // The hour first: it takes room from the title.
    tick(ctx.when, node);
    fit.texts(node.firstChild);
    if (plan) share(plan, main.querySelector(".body"), ctx.content.map);
    return { list, plan, main };
  }

  // The plan takes what its shape can use, and leaves the list enough to be read.
  function share(plan, body, { width, height }) {
    const [w, h] = [body.clientWidth, body.clientHeight];
    if (w > h) plan.style.width = `${Ecran.clamp((h * width) / height, w * 0.35, w * 0.62)}px`;
    else plan.style.height = `${Ecran.clamp((w * height) / width, h * 0.35, h * 0.58)}px`;
  }

  // Pages of a view, measured out of sight with the footer it will have at most.
  function measure(view, ctx) {
    const back = scenes[1 - front];
    const { list } = stage(back, view, ctx);
    return fit.pages(list, view.items, view.most || Infinity);
  }

  function show(view, ctx, { pages, unit }, page) {
    clearTimeout(clearing);
    const [back, old] = [scenes[1 - front], scenes[front]];
    const { list, plan, main } = stage(back, view, ctx);
    if (unit) list.style.setProperty("--u", unit);
    list.replaceChildren(...pages[page]);
    if (view.kind.startsWith("big")) for (const item of pages[page]) fit.big(list, item, view.kind === "big" ? 10 : 13);
    else fit.texts(list);
    if (plan) view.drawn(plan, pages[page]);
    const french = back.querySelector(".head .in-french, .main .in-french") !== null;
    back.lastChild.replaceWith(foot(ctx, page, pages.length, french));
    document.title = ctx.words.raw("sheet_title");
    swap(back, old, ctx.words.language);
    return main.textContent.length;
  }

  function swap(back, old, language) {
    front = 1 - front;
    old.inert = true;
    back.inert = false;
    old.classList.remove("front");
    back.classList.add("front");
    Object.assign(document.documentElement, { lang: language.code, dir: language.dir });
    clearing = setTimeout(() => old.replaceChildren(), FADE * 1.5);
  }

  // Time of day, or nothing while it cannot be believed.
  function tick(when, node = scenes[front]) {
    const box = node.querySelector(".now");
    if (!box) return;
    const { minutes } = when.local || { minutes: null };
    const said = minutes === null ? "" : `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
    if (box.textContent === said) return;
    box.replaceChildren(said ? html("bdi", { dir: "ltr" }, said) : "");
  }

  return { paint, measure, show, tick };
})();
