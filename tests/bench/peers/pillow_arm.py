"""Arms of Pillow, which has one thread: the notebook's resize and crop, and file to tensor. Requests as
tests/bench/arms has them. Run by an environment with pillow-simd, it is pillow-simd's."""

import importlib.metadata
import io
import json
import sys
import time

from PIL import Image

loaded = {}


def resize_and_crop(image):
    """As the notebook does it."""
    scale = 256 / min(image.size)
    small = image.resize([int(round(scale * side)) for side in image.size], Image.Resampling.BILINEAR)
    left, top = small.width // 2 - 112, small.height // 2 - 112
    return small.crop((left, top, left + 224, top + 224))


def resize(path, how="crop"):
    if path not in loaded:
        loaded[path] = Image.open(path).convert("RGB")
    begin = time.perf_counter()
    small = resize_and_crop(loaded[path])
    # A crop is made when it is asked for; this asks.
    small.load()
    return time.perf_counter() - begin


def decode(path, how="pillow"):
    if path not in loaded:
        with open(path, "rb") as file:
            loaded[path] = file.read()
    begin = time.perf_counter()
    image = Image.open(io.BytesIO(loaded[path]))
    if how == "draft":
        # Pillow's own way for thumbnails: the decoder gives a picture that is smaller by 2, 4 or 8, but
        # no smaller than asked for. Quicker, and other bytes.
        scale = 256 / min(image.size)
        image.draft("RGB", [round(scale * side) for side in image.size])
    small = resize_and_crop(image.convert("RGB"))
    # Channels first, as the tensor has them.
    b"".join(band.tobytes() for band in small.split())
    return time.perf_counter() - begin


def versions():
    for name in ("pillow", "pillow-simd"):
        try:
            return {name: importlib.metadata.version(name)}
        except importlib.metadata.PackageNotFoundError:
            pass


def answer(request):
    what = request.pop("do")
    if what == "versions":
        return versions()
    return {"seconds": {"resize": resize, "decode": decode}[what](**request)}


for line in sys.stdin:
    try:
        reply = answer(json.loads(line))
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the answer)
        reply = {"error": repr(error)}
    print(json.dumps(reply), flush=True)
