"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const table = document.getElementById("clients-table");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const size = Number(table.dataset.onAPage);
  const find = document.getElementById("find");
  const where = document.getElementById("where");
  const back = document.getElementById("back");
  const on = document.getElementById("on");
  let page = 0;

  function show() {
    const wanted = find.value.trim().toLowerCase();
    const kept = [...body.rows].filter((row) => row.textContent.toLowerCase().includes(wanted));
    const pages = Math.max(1, Math.ceil(kept.length / size));
    page = Math.min(Math.max(page, 0), pages - 1);
    for (const row of rows) row.hidden = true;
    for (const row of kept.slice(page * size, (page + 1) * size)) row.hidden = false;
    where.textContent = kept.length
      ? `${page * size + 1}–${Math.min(kept.length, (page + 1) * size)} of ${kept.length}`
      : "No client fits.";
    back.disabled = page === 0;
    on.disabled = page === pages - 1;
  }

  const keyOf = (row, column) => {
    const text = row.cells[column].dataset.key;
    const number = Number(text);
    return text === "" ? null : Number.isNaN(number) ? text : number;
  };

  table.querySelectorAll("th button").forEach((button, column) => {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const up = head.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const order = rows.map((row, at) => ({ row, at, key: keyOf(row, column) }));
      order.sort((a, b) => {
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.at - b.at;
        const less = typeof a.key === "number" && typeof b.key === "number" ? a.key - b.key : String(a.key).localeCompare(String(b.key), "en");
        return (up ? less : -less) || a.at - b.at;
      });
      body.append(...order.map((entry) => entry.row));
      page = 0;
      show();
    });
  });
  find.addEventListener("input", () => { page = 0; show(); });
  back.addEventListener("click", () => { page -= 1; show(); });
  on.addEventListener("click", () => { page += 1; show(); });
  show();
})();
