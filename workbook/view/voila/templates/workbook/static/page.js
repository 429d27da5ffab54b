// The page around the widgets: theme, print, and links that carry the state named in the address.
(() => {
  const root = document.documentElement;
  const kept = (() => {
    try {
      return localStorage.getItem("workbook-theme");
    } catch {
      return null;
    }
  })();
  if (kept === "dark" || kept === "light") root.dataset.theme = kept;

  // What may be carried from page to page; workbook/view/levers.py declares the same keys.
  const KEYS = [
    "budget", "cohort", "start", "effect", "confidence", "technical", "risk", "hours",
    "growth_per_year", "uncovered_share", "high_performer_turnover", "critical_roles_uncovered",
    "coordination_share",
    "weight_turnover", "weight_succession", "weight_engagement", "weight_friction", "weight_delivery",
  ];
  const NUMBER = /^[0-9]{1,15}(\.[0-9]{1,9})?$/;
  const NAME = /^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/;
  const carried = () => {
    const query = new URLSearchParams(location.search);
    const clean = new URLSearchParams();
    if (NAME.test(query.get("scenario") || "")) clean.set("scenario", query.get("scenario"));
    for (const key of KEYS) if (NUMBER.test(query.get(key) || "")) clean.set(key, query.get(key));
    return clean.toString();
  };
  const point = () => {
    const query = carried();
    for (const link of document.querySelectorAll("a[data-carry]")) {
      link.href = query ? `${link.dataset.carry}?${query}` : link.dataset.carry;
    }
  };
  document.addEventListener("workbook:carry", point);
  document.addEventListener("DOMContentLoaded", () => {
    point();
    document.getElementById("wb-theme").addEventListener("click", () => {
      const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
      root.dataset.theme = dark ? "light" : "dark";
      try {
        localStorage.setItem("workbook-theme", root.dataset.theme);
      } catch {
        // A browser that keeps nothing still shows the theme on this page.
      }
    });
    document.getElementById("wb-print").addEventListener("click", () => window.print());
  });

  // Voilà calls these while it runs the notebook.
  window.voila_heartbeat = () => {};
  window.themeLoaded = true;
  window.voila_finish = () => {};
})();

// Voilà ends a page's kernel when the page is left, by a request that must repeat the cookie of the same name.
// The server never sets that cookie, so the request would be refused and kernels would pile up.
if (!/(^|; )_xsrf=/.test(document.cookie)) {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const token = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  document.cookie = `_xsrf=${token}; path=/; SameSite=Strict`;
}
