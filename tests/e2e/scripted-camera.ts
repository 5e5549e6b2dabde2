// A camera that does what a test says: `navigator.mediaDevices` in the page's own hands, with real
// tracks, so that what is left on is seen.
import { expect, type Page } from "@playwright/test";

/** What the camera does when it is asked for the next time, and from then on. */
export type Script =
  | { does: "show"; photo?: string; facing?: "user" | "environment"; torch?: boolean; zoom?: boolean; every?: number }
  | { does: "refuse"; name: string; message?: string; times?: number }
  | { does: "nothing" }
  | { does: "no picture" };

declare global {
  interface Window {
    scripted: {
      script: Script;
      tracks: MediaStreamTrack[];
      asked: MediaStreamConstraints[];
      wished: MediaTrackConstraints[];
      /** Answers a question that has had no answer. */
      answer: () => void;
      /** Another size, as when a phone is turned. */
      turn: (width: number, height: number) => void;
      /** Another scene. */
      look: (photo: string) => Promise<void>;
    };
  }
}

export const CAMERAS = ["Rear camera", "Front camera"];

/** Gives the page such a camera, before it is opened. */
export async function scriptCamera(page: Page, script: Script, permission = "prompt"): Promise<void> {
  await page.addInitScript(
    ([script, permission, names]) => {
      const canvas = document.createElement("canvas");
      Object.assign(canvas, { width: 640, height: 480 });
      const context = canvas.getContext("2d")!;
      const photo = new Image();
      if (script.does === "show" && script.photo) photo.src = script.photo;
      let at = 0;
      const draw = () => {
        const { width, height } = canvas;
        context.fillStyle = "#c03020";
        context.fillRect(0, 0, width / 2, height);
        context.fillStyle = "#2040c0";
        context.fillRect(width / 2, 0, width / 2, height);
        if (photo.naturalWidth) {
          const scale = Math.max(width / photo.width, height / photo.height);
          const [wide, high] = [photo.width * scale, photo.height * scale];
          context.drawImage(photo, (width - wide) / 2, (height - high) / 2, wide, high);
        }
        // Each frame differs, as a camera's do.
        context.fillStyle = "#fff";
        context.fillRect((at += 7) % width, 0, 2, 2);
      };
      const { setInterval } = window;
      const scripted: Window["scripted"] = {
        script,
        tracks: [],
        asked: [],
        wished: [],
        answer: () => {},
        turn: (width, height) => Object.assign(canvas, { width, height }),
        look: (at) => ((photo.src = at), photo.decode()),
      };
      window.scripted = scripted;
      // Milliseconds from one picture to the next: 20 a second, unless it is a slow camera.
      setInterval.call(window, draw, (script.does === "show" && script.every) || 50);

      const show = (device: string): MediaStream => {
        draw();
        const { script } = scripted;
        const shows = script.does !== "no picture";
        // A generator that is given no frames has none.
        const empty = () => new MediaStream([new window.MediaStreamTrackGenerator({ kind: "video" })]);
        const stream = shows ? canvas.captureStream() : empty();
        const [track] = stream.getTracks();
        const like = script.does === "show" ? script : {};
        const facing = device === "1" ? "user" : ("facing" in like && like.facing) || "environment";
        const tell = {
          label: names[Number(device)],
          getSettings: () => ({ deviceId: device, facingMode: facing }),
          getCapabilities: () => ({
            ...("torch" in like && like.torch && { torch: true }),
            ...("zoom" in like && like.zoom && { zoom: { min: 1, max: 8, step: 0.5 } }),
          }),
          applyConstraints: async (wish: MediaTrackConstraints) => void scripted.wished.push(wish),
        };
        for (const [key, value] of Object.entries(tell)) {
          Object.defineProperty(track, key, { value, configurable: true });
        }
        scripted.tracks.push(track);
        return stream;
      };
      const getUserMedia = async (constraints: MediaStreamConstraints): Promise<MediaStream> => {
        scripted.asked.push(constraints);
        const { script } = scripted;
        const video = constraints.video as { deviceId?: { exact?: string } };
        const device = video.deviceId?.exact ?? "0";
        switch (script.does) {
          case "refuse":
            if (script.times !== undefined && --script.times === 0) scripted.script = { does: "show" };
            throw new DOMException(script.message ?? "", script.name);
          case "nothing":
            return new Promise((granted) => (scripted.answer = () => granted(show(device))));
          default:
            return show(device);
        }
      };
      const enumerateDevices = async () =>
        names.map((label, at) => {
          const info = Object.create(MediaDeviceInfo.prototype);
          const tell = { deviceId: String(at), label, kind: "videoinput" };
          for (const [key, value] of Object.entries(tell)) Object.defineProperty(info, key, { value });
          return info;
        });
      Object.assign(navigator.mediaDevices ?? {}, { getUserMedia, enumerateDevices });
      const status = Object.create(PermissionStatus.prototype);
      Object.defineProperty(status, "state", { value: permission });
      Permissions.prototype.query = async () => status;
    },
    [script, permission, CAMERAS] as const,
  );
}

/** What it does from now on. */
export async function setScript(page: Page, script: Script): Promise<void> {
  await page.evaluate((script) => void (window.scripted.script = script), script);
}

/** No camera that was ever given is on. */
export async function expectOff(page: Page): Promise<void> {
  const states = () => page.evaluate(() => window.scripted.tracks.map((it) => it.readyState));
  await expect.poll(async () => (await states()).filter((it) => it !== "ended")).toEqual([]);
}
