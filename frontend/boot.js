// Says so when the page cannot start: no WebAssembly, or a file that did not load. The page itself
// removes the text once it runs.
(() => {
  const text = document.getElementById("before-text");
  const failed = () => {
    if (text?.isConnected) text.textContent = text.dataset.failed;
  };
  if (typeof WebAssembly !== "object") failed();
  addEventListener("error", failed, true);
  addEventListener("unhandledrejection", failed);
})();
