// A file to the model's pixels in a worker, as the page's own worker does it.
import { pixelsByDecoder, tensorByCanvas, tensorByCrop } from "/canvas.js";

const WAYS = { canvas: tensorByCanvas, crop: tensorByCrop, decoder: pixelsByDecoder };

onmessage = async ({ data: { job, how, file, width, height } }) => {
  try {
    const bytes = await WAYS[how](file, width, height);
    postMessage({ job, bytes }, [bytes.buffer]);
  } catch (error) {
    postMessage({ job, error: String(error) });
  }
};
postMessage({ ready: true });
