// A file to the model's pixels by the browser's own means: the way that pages usually take.

/** `createImageBitmap`, drawn so that the shorter side has 256 pixels, and the middle 224 read back: as
 * planes of red, green and blue. */
export async function tensorByCanvas(file) {
  const photo = await createImageBitmap(file);
  const scale = 256 / Math.min(photo.width, photo.height);
  const [width, height] = [Math.round(scale * photo.width), Math.round(scale * photo.height)];
  // It is read at once, so it should not go to a graphics card and back.
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  context.drawImage(photo, 0, 0, width, height);
  photo.close();
  return planes(context.getImageData((width - 224) >> 1, (height - 224) >> 1, 224, 224).data);
}

/** The square under the crop alone, resized by the browser while it makes the bitmap. */
export async function tensorByCrop(file, width, height) {
  const side = Math.round((224 / 256) * Math.min(width, height));
  const [left, top] = [(width - side) >> 1, (height - side) >> 1];
  const options = { resizeWidth: 224, resizeHeight: 224, resizeQuality: "medium" };
  const square = await createImageBitmap(file, left, top, side, side, options);
  const context = new OffscreenCanvas(224, 224).getContext("2d", { willReadFrequently: true });
  context.drawImage(square, 0, 0);
  square.close();
  return planes(context.getImageData(0, 0, 224, 224).data);
}

/** RGBA of the square under the crop at full size, by WebCodecs: what a resize would begin with. */
export async function pixelsByDecoder(file, width, height) {
  const decoder = new ImageDecoder({ data: file.stream(), type: file.type });
  const { image } = await decoder.decode();
  const side = Math.round((224 / 256) * Math.min(width, height));
  // Even, since the frame's colours may stand at half resolution.
  const rect = { x: ((width - side) >> 2) * 2, y: ((height - side) >> 2) * 2, width: side & ~1, height: side & ~1 };
  const options = { rect, format: "RGBA" };
  const pixels = new Uint8Array(image.allocationSize(options));
  await image.copyTo(pixels, options);
  image.close();
  decoder.close();
  return pixels;
}

function planes(rgba) {
  const count = rgba.length / 4;
  const tensor = new Uint8Array(3 * count);
  for (let at = 0; at < count; at += 1) {
    tensor[at] = rgba[4 * at];
    tensor[count + at] = rgba[4 * at + 1];
    tensor[2 * count + at] = rgba[4 * at + 2];
  }
  return tensor;
}
