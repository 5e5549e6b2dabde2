// What makes an app of the page, where the browser lets it: the offer to install it, and the service
// worker. The page calls this; all of it may be missing.
globalThis.conchApp = (() => {
  const app = {
    /** The browser's offer to install the page, until it is taken. */
    offer: null,

    /** Gives the photos on the page, once it runs. */
    photos: undefined,

    /** Takes the offer: the browser asks the person. */
    async install() {
      const { offer } = app;
      setOffer(null);
      await offer?.prompt();
    },

    /** Has the service worker keep the page's files, and lets a newer one take over. */
    async register() {
      try {
        const registration = await navigator.serviceWorker.register("sw.js");
        const { content: build } = document.querySelector("meta[name=conch-build]");
        const greet = (worker) => worker?.postMessage({ build });
        greet(registration.active);
        greet(registration.waiting);
        const follow = (worker) =>
          worker?.addEventListener("statechange", () => worker.state === "installed" && greet(worker));
        follow(registration.installing);
        registration.addEventListener("updatefound", () => follow(registration.installing));
      } catch {
        // Plain HTTP, a certificate that is not trusted, no room: the page does without.
      }
    },
  };

  // A photo from another app comes as a page of its own, which takes the place of the one that is there:
  // the service worker asks that one for its photos before. A tab of a browser stays.
  navigator.serviceWorker?.addEventListener("message", ({ ports: [port] }) => {
    const isApp = matchMedia("(display-mode: standalone)").matches;
    port?.postMessage(isApp ? app.photos?.() : undefined);
  });

  const setOffer = (offer) => {
    app.offer = offer;
    dispatchEvent(new Event("conch-offer"));
  };
  addEventListener("beforeinstallprompt", (event) => {
    event.preventDefault();
    setOffer(event);
  });
  addEventListener("appinstalled", () => setOffer(null));

  // Refused where the browser keeps nothing: then nothing was left either.
  const sweep = () => conchKeep.sweep().catch(() => {});
  setTimeout(sweep, 5_000);
  setTimeout(sweep, conchKeep.LONGEST + 5_000);
  return app;
})();
