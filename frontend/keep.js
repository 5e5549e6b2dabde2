// Photos that this browser keeps for a moment: while the page is loaded anew, and from the service
// worker, which has them from another app, to the page. Both use this. Who takes them deletes them;
// what nobody took for ten minutes is deleted unseen.
globalThis.conchKeep = (() => {
  const NAME = "conch";
  const STORE = "kept";
  const LONGEST = 10 * 60_000; // ms

  const opened = () =>
    new Promise((resolve, reject) => {
      const request = indexedDB.open(NAME, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  // What the request that `act` makes gives, once all of it is written: a browser without room says
  // so only then.
  const inStore = async (act) => {
    const database = await opened();
    try {
      return await new Promise((resolve, reject) => {
        const transaction = database.transaction(STORE, "readwrite");
        const request = act(transaction.objectStore(STORE));
        transaction.oncomplete = () => resolve(request.result);
        transaction.onabort = () => reject(transaction.error);
      });
    } finally {
      database.close();
    }
  };

  // Keys begin with the time, in milliseconds of 13 digits, so that their order is their age.
  const tooOld = () => IDBKeyRange.upperBound(String(Date.now() - LONGEST));

  const isThere = async () => {
    const databases = await indexedDB.databases?.();
    return databases?.some(({ name }) => name === NAME) ?? true;
  };

  return {
    LONGEST,

    /** Keeps what can be cloned, files and all; gives the key that takes it. */
    async put(what) {
      const random = crypto.getRandomValues(new Uint32Array(2));
      const key = [Date.now(), ...random].join("-");
      await inStore((store) => store.put(what, key));
      return key;
    },

    /** What was kept by this key, which is deleted; `undefined` where it is not there any more. */
    take: (key) =>
      inStore((store) => {
        store.delete(tooOld());
        const request = store.get(key);
        store.delete(key);
        return request;
      }),

    /** Deletes what nobody took. */
    async sweep() {
      if (await isThere()) await inStore((store) => store.delete(tooOld()));
    },
  };
})();
