// What must happen before the page runs: the colours that somebody chose, before the first paint;
// the worker's files, as soon as the page's own leave the line to them; and a sentence where the page
// cannot start, or another try where that may help. The page itself removes that once it runs.
(() => {
  const root = document.documentElement;

  // The colour around the page follows the page's, `<html data-theme>`.
  const tint = () => {
    const { theme } = root.dataset;
    for (const meta of document.querySelectorAll("meta[name=theme-color]")) {
      const { scheme } = meta.dataset;
      const chosen = theme === "light" || theme === "dark";
      meta.media = chosen ? (scheme === theme ? "all" : "not all") : `(prefers-color-scheme: ${scheme})`;
    }
  };
  new MutationObserver(tint).observe(root, { attributeFilter: ["data-theme"] });
  try {
    root.dataset.theme = localStorage.getItem("conch.theme") ?? "system";
  } catch {
    // The browser keeps nothing for pages: the system's colours.
  }

  // The page starts its worker once it runs itself, and then finds these in the browser's cache. Not
  // before the page's wasm is here: nobody can bring a photo until then.
  const fetchAhead = () => {
    const script = document.querySelector("meta[name=conch-worker]").content;
    for (const file of [script, script.replace(".js", "_bg.wasm")]) {
      // Where it fails, the page meets that, too, and says so.
      fetch(file).then((answer) => answer.arrayBuffer()).catch(() => {});
    }
  };
  new PerformanceObserver((list, observer) => {
    if (!list.getEntries().some(({ name }) => /\/app-[^/]*\.wasm$/.test(name))) return;
    observer.disconnect();
    fetchAhead();
  }).observe({ type: "resource", buffered: true });

  let hasFailed = typeof WebAssembly !== "object";
  const say = () => {
    const text = document.getElementById("before-text");
    if (!hasFailed || !text) return;
    text.textContent = text.dataset.failed;
    mend().catch(() => {}); // The browser keeps nothing for pages: it is not that.
  };
  // What the service worker keeps may be broken. Once for each tab, the page tries without it.
  const mend = async () => {
    const { serviceWorker, onLine } = navigator;
    if (!serviceWorker?.controller || !onLine || sessionStorage.getItem("conch.mended")) return;
    sessionStorage.setItem("conch.mended", "yes");
    await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    location.reload();
  };
  const failed = () => {
    hasFailed = true;
    say();
  };
  addEventListener("DOMContentLoaded", say);
  addEventListener("error", failed, true);
  addEventListener("unhandledrejection", failed);
})();
