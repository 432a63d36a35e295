"use strict";
(() => {
  const root = document.documentElement;
  const search = document.getElementById("search");
  const verdict = document.getElementById("verdict");
  const level = document.getElementById("level");
  const shown = document.getElementById("shown");
  const nothing = document.getElementById("nothing");
  const rows = [...document.querySelectorAll("[data-requirement]")];
  const articles = new Map(rows.filter((row) => row.tagName === "ARTICLE").map((row) => [row.dataset.requirement, row]));
  const text = new Map();
  const textOf = (row) => {
    if (!text.has(row)) text.set(row, row.textContent.toLowerCase());
    return text.get(row);
  };

  const apply = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const article = articles.get(row.dataset.requirement);
      const whole = textOf(row) + (article && article !== row ? textOf(article) : "");
      const fits =
        (!verdict.value || row.dataset.verdict === verdict.value || (verdict.value === "broken" && row.dataset.broken === "yes")) &&
        (!level.value || row.dataset.level === level.value) &&
        words.every((word) => whole.includes(word));
      row.hidden = !fits;
      if (fits && row.tagName === "TR") count += 1;
    }
    shown.textContent = shown.dataset.template.replace("{n}", count);
    nothing.hidden = count > 0;
  };

  root.classList.add("js");
  for (const control of [search, verdict, level]) control.addEventListener("input", apply);
  document.querySelector(".filters").addEventListener("submit", (event) => event.preventDefault());
  addEventListener("beforeprint", () => {
    for (const each of document.querySelectorAll("details")) each.open = true;
  });
  apply();
})();
