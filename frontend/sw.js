// The service worker: opens the page where the server is away, and takes photos that other apps
// share. The build writes two lines above this: BUILD, which changes with anything that the page is
// made of, and FILES, all that the page needs to start.
importScripts(FILES.find((file) => file.startsWith("keep-")));

const CACHE = `conch-${BUILD}`;
const PAGE = "./";
/** How long the server gets to send the page, in milliseconds, where there is one in the cache. */
const PATIENCE = 3_000;
/** The same for who reloads, and wants the server's. */
const LONG_PATIENCE = 20_000;
/** How long a page gets to say which photos are on it, in milliseconds. */
const MOMENT = 1_000;

const address = (path) => new URL(path, registration.scope).href;
const pages = new Set([PAGE, "index.html"].map(address));
const files = new Set(FILES.map(address));
const cached = (path) =>
  // Fails where the browser's storage is broken: then the server is asked.
  caches.match(address(path), { cacheName: CACHE, ignoreVary: true }).catch(() => undefined);

addEventListener("install", (event) => event.waitUntil(keepAll()));
addEventListener("activate", (event) => event.waitUntil(forgetOthers()));
addEventListener("message", (event) => event.waitUntil(pageIsUp(event.data?.build)));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  const path = origin + pathname;
  if (request.method === "POST" && path === address("share")) {
    event.respondWith(share(request));
  } else if (request.method !== "GET") {
    // The server's: so is all that is not listed here.
  } else if (request.mode === "navigate" && pages.has(path)) {
    event.respondWith(page(request));
  } else if (files.has(path)) {
    event.respondWith(file(request, path));
  }
});

/** All of one build or nothing: a page must not meet the files of another. */
async function keepAll() {
  const cache = await caches.open(CACHE);
  try {
    await Promise.all([keepPage(cache), cache.addAll(FILES.map(address))]);
  } catch (error) {
    await caches.delete(CACHE);
    throw error;
  }
}

async function keepPage(cache) {
  const page = await fetch(address(PAGE), { cache: "no-cache" });
  const html = await page.clone().text();
  if (!page.ok || !html.includes(`"${BUILD}"`)) throw new Error("the page is of another build");
  await cache.put(address(PAGE), page);
}

async function forgetOthers() {
  const names = await caches.keys();
  const others = names.filter((name) => name.startsWith("conch-") && name !== CACHE);
  await Promise.all(others.map((name) => caches.delete(name)));
}

/** A page of this build runs. What is missing in the cache is put there again. And the older worker is
 * relieved, unless there are other pages, which may still need its files. */
async function pageIsUp(build) {
  if (build !== BUILD) return;
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  if (windows.length === 1) await skipWaiting();
  const cache = await caches.open(CACHE);
  for (const path of [PAGE, ...FILES]) {
    if (await cached(path)) continue;
    const kept = path === PAGE ? keepPage(cache) : cache.add(address(path));
    await kept.catch(() => {}); // The server is away, or has another build: there will be another time.
  }
}

/** The server's page; the cached one where the server does not answer, or not soon. */
async function page(request) {
  const fresh = fetch(request);
  fresh.catch(() => {}); // Said by who waits for it.
  const isReload = request.cache !== "default" || new URL(request.url).searchParams.has("kept");
  const patience = isReload ? LONG_PATIENCE : PATIENCE;
  const late = new Promise((resolve) => setTimeout(resolve, patience));
  const answer = await Promise.race([fresh, late]).catch(() => undefined);
  if (answer && answer.status < 500) return answer;
  return (await cached(PAGE)) ?? fresh;
}

async function file(request, path) {
  return (await cached(path)) ?? fetch(request);
}

/** Keeps the photos of a form for the page, after those that are there, and sends the browser to it. */
async function share(request) {
  try {
    const form = await request.formData();
    const files = form.getAll("photos").filter((it) => it instanceof File && (it.name || it.size));
    if (files.length === 0) return to("share=nothing");
    const shared = files.map((file) => ({ name: file.name, file }));
    const key = await conchKeep.put({ photos: [...(await photosThere()), ...shared] });
    return to(`shared=${key}`);
  } catch {
    return to("share=unkept");
  }
}

const to = (query) => Response.redirect(address(`./?${query}`), 303);

/** The photos in the app's window, whose page will be gone. */
async function photosThere() {
  const windows = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const ask = (client) =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => resolve(data?.photos ?? []);
      setTimeout(resolve, MOMENT, []);
      client.postMessage("photos", [port2]);
    });
  return (await Promise.all(windows.map(ask))).flat();
}
