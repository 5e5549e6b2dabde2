"""files/ and files.json: small real files of hard formats, and what Pillow sees in them.

The reference is `upright`: the first frame, 16-bit to 8-bit by the high byte, turned by its EXIF
orientation, alpha laid over white, RGB.
"""

import hashlib
import io
from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

import png
from patterns import stream

WIDTH, HEIGHT = 67, 45  # odd: no multiple of a JPEG block, of a chroma pair, of a byte of bits
COLUMNS, ROWS = 8, 6  # of the grid of means


def photo() -> np.ndarray:
    """A smooth picture without symmetry: top left is red, top right green, bottom left blue."""
    y, x = np.mgrid[:HEIGHT, :WIDTH]
    x, y = x / (WIDTH - 1), y / (HEIGHT - 1)
    red, green, blue = 230 * (1 - x) * (1 - y), 220 * x * (1 - y), 240 * (1 - x) * y
    light = 20 + 70 * x * y
    return np.rint(np.stack([red + light, green + light, blue + light], axis=-1).clip(0, 255)).astype(np.uint8)


def noise(*shape: int, seed: int, bits: int = 8) -> np.ndarray:
    states = stream(seed, int(np.prod(shape))).reshape(shape)
    return (states >> np.uint32(32 - bits)).astype(np.uint8 if bits == 8 else np.uint16)


def upright(file: bytes) -> np.ndarray:
    image = Image.open(io.BytesIO(file))
    if image.mode.startswith("I;16"):
        # Pillow's own convert("RGB") clips 16-bit grey to 255 instead of scaling it, so almost
        # all of it would be white. In colour it takes the high byte, and so do we in grey.
        image = Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    image = ImageOps.exif_transpose(image)
    if image.mode in ("RGBA", "LA", "PA") or "transparency" in image.info:
        rgba = image.convert("RGBA")
        image = Image.new("RGB", rgba.size, (255, 255, 255))
        image.paste(rgba, mask=rgba.getchannel("A"))
    return np.asarray(image.convert("RGB"))


def grid(pixels: np.ndarray) -> list[int]:
    """The rounded means of COLUMNS × ROWS cells; cell k of n spans [k * size // n, (k+1) * size // n)."""
    height, width = pixels.shape[:2]
    means = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            cell = pixels[row * height // ROWS : (row + 1) * height // ROWS,
                          column * width // COLUMNS : (column + 1) * width // COLUMNS]
            means += [int(mean) for mean in np.rint(cell.mean(axis=(0, 1)))]
    return means


def saved(image: Image.Image, kind: str, **options) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def orientation(value: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = value
    return exif


# What undoes an orientation, so that all eight files are one picture when upright.
UNDO = {
    1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180, 4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE, 6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
}


def turned(image: Image.Image, value: int) -> Image.Image:
    return image if UNDO[value] is None else image.transpose(UNDO[value])


def pngs() -> dict[str, tuple[str, bytes]]:
    colour = noise(HEIGHT, WIDTH, 3, seed=101)
    alpha = noise(HEIGHT, WIDTH, 1, seed=102)
    alpha[0, :3, 0] = (0, 255, 128)
    palette = Image.fromarray(photo()).quantize(64)
    keyed = photo()
    keyed[10:30, 20:40] = (1, 2, 3)
    ramp = np.arange(HEIGHT * WIDTH, dtype=np.uint32).reshape(HEIGHT, WIDTH, 1) * 21 % 65536
    wide = [noise(HEIGHT, WIDTH, n, seed=110 + n, bits=16) for n in (2, 3, 4)]
    exif = Image.fromarray(photo())
    return {
        "grey.png": ("PNG, grey", png.png(colour[..., :1], png.GREY)),
        "grey_alpha.png": ("PNG, grey and alpha", png.png(np.concatenate([colour[..., :1], alpha], 2), png.GREY_ALPHA)),
        "grey_key.png": ("PNG, grey, one value transparent (tRNS)",
                         saved(Image.fromarray(keyed[..., 0]), "PNG", transparency=1)),
        "rgb.png": ("PNG, RGB", png.png(colour, png.RGB)),
        "rgb_key.png": ("PNG, RGB, one colour transparent (tRNS)", saved(Image.fromarray(keyed), "PNG", transparency=(1, 2, 3))),
        "rgba.png": ("PNG, RGBA, every alpha", png.png(np.concatenate([colour, alpha], 2), png.RGBA)),
        "palette.png": ("PNG, palette, 8 bits", saved(palette, "PNG", bits=8)),
        "palette_4_bits.png": ("PNG, palette, 4 bits", saved(Image.fromarray(photo()).quantize(16), "PNG", bits=4)),
        "palette_2_bits.png": ("PNG, palette, 2 bits", saved(Image.fromarray(photo()).quantize(4), "PNG", bits=2)),
        "palette_alpha.png": ("PNG, palette with an alpha for each entry (tRNS)",
                              saved(palette, "PNG", bits=8, transparency=bytes(range(0, 256, 4)))),
        "one_bit.png": ("PNG, grey, 1 bit", saved(Image.fromarray(colour[..., 0]).convert("1"), "PNG")),
        "grey_16_bits.png": ("PNG, grey, 16 bits", png.png(ramp.astype(np.uint16), png.GREY)),
        "grey_alpha_16_bits.png": ("PNG, grey and alpha, 16 bits", png.png(wide[0], png.GREY_ALPHA)),
        "rgb_16_bits.png": ("PNG, RGB, 16 bits", png.png(wide[1], png.RGB)),
        "rgba_16_bits.png": ("PNG, RGBA, 16 bits", png.png(wide[2], png.RGBA)),
        "interlaced.png": ("PNG, RGB, Adam7 interlaced", png.png(colour, png.RGB, interlaced=True)),
        "interlaced_rgba_16_bits.png": ("PNG, RGBA, 16 bits, Adam7 interlaced", png.png(wide[2], png.RGBA, interlaced=True)),
        "exif_6.png": ("PNG with an eXIf chunk, orientation 6", saved(turned(exif, 6), "PNG", exif=orientation(6))),
        "one_pixel.png": ("PNG, 1×1", png.png(np.array([[[12, 200, 99]]], dtype=np.uint8), png.RGB)),
    }


def others() -> dict[str, tuple[str, bytes]]:
    """GIF, BMP and lossless WebP: every decoder must give the same bytes."""
    image = Image.fromarray(photo())
    rgba = Image.fromarray(np.concatenate([noise(HEIGHT, WIDTH, 3, seed=121), noise(HEIGHT, WIDTH, 1, seed=122)], 2))
    palette = image.quantize(64)
    frames = [ImageOps.invert(image), ImageOps.mirror(image)]
    see_through = Image.fromarray((np.indices((HEIGHT, WIDTH)).sum(0) % 64).astype(np.uint8), "P")
    see_through.putpalette(palette.getpalette()[: 3 * 64])
    return {
        "still.gif": ("GIF, one frame", saved(palette, "GIF")),
        "animated.gif": ("GIF, three frames: the first counts",
                         saved(palette, "GIF", save_all=True, append_images=[f.quantize(64) for f in frames], duration=80)),
        "transparent.gif": ("GIF, one entry of the palette transparent", saved(see_through, "GIF", transparency=5)),
        "rgb.bmp": ("BMP, 24 bits, rows padded", saved(image, "BMP")),
        "palette.bmp": ("BMP, 8 bits, palette", saved(palette, "BMP")),
        "lossless.webp": ("WebP, lossless, RGB", saved(image, "WEBP", lossless=True)),
        "lossless_rgba.webp": ("WebP, lossless, RGBA", saved(rgba, "WEBP", lossless=True, exact=True)),
        "animated.webp": ("WebP, animated, lossless, three frames: the first counts",
                          saved(image, "WEBP", save_all=True, append_images=frames, duration=80, lossless=True)),
        "exif_8.webp": ("WebP, lossless, EXIF orientation 8", saved(turned(image, 8), "WEBP", lossless=True, exif=orientation(8))),
    }


def lossy() -> dict[str, tuple[str, bytes]]:
    """JPEG and lossy WebP: decoders may differ by a little in each pixel."""
    image = Image.fromarray(photo())
    black = Image.fromarray(np.rint(np.linspace(0, 90, WIDTH)[None, :].repeat(HEIGHT, 0)).astype(np.uint8))
    cmyk = Image.merge("CMYK", [*ImageOps.invert(image).split(), black])
    half = Image.fromarray(np.rint(np.linspace(0, 255, HEIGHT)[:, None].repeat(WIDTH, 1)).astype(np.uint8))
    found = {
        "444.jpg": ("JPEG, baseline, 4:4:4", saved(image, "JPEG", quality=92, subsampling=0)),
        "422.jpg": ("JPEG, baseline, 4:2:2", saved(image, "JPEG", quality=92, subsampling=1)),
        "420.jpg": ("JPEG, baseline, 4:2:0", saved(image, "JPEG", quality=92, subsampling=2)),
        "progressive.jpg": ("JPEG, progressive, 4:2:0", saved(image, "JPEG", quality=92, subsampling=2, progressive=True)),
        "restart.jpg": ("JPEG, 4:2:0, a restart marker after each row of blocks",
                        saved(image, "JPEG", quality=92, subsampling=2, restart_marker_rows=1)),
        "grey.jpg": ("JPEG, grey", saved(image.convert("L"), "JPEG", quality=92)),
        "cmyk.jpg": ("JPEG, CMYK, inverted as Adobe does it", saved(cmyk, "JPEG", quality=92)),
        "lossy.webp": ("WebP, lossy", saved(image, "WEBP", quality=90)),
        "lossy_alpha.webp": ("WebP, lossy with alpha", saved(Image.merge("RGBA", [*image.split(), half]), "WEBP", quality=90)),
    }
    for value in range(1, 9):
        found[f"orientation_{value}.jpg"] = (
            f"JPEG, EXIF orientation {value}",
            saved(turned(image, value), "JPEG", quality=92, subsampling=0, exif=orientation(value)))
    return found


def make(folder: Path) -> list[dict]:
    cases = []
    for exact, group in ((True, pngs()), (True, others()), (False, lossy())):
        for name, (what, file) in group.items():
            assert len(file) < 30_000, (name, len(file))
            (folder / name).write_bytes(file)
            pixels = upright(file)
            case = {"name": name, "what": what, "width": pixels.shape[1], "height": pixels.shape[0], "exact": exact}
            if exact:
                case["rgb_sha256"] = hashlib.sha256(pixels.tobytes()).hexdigest()
            else:
                case["grid"] = grid(pixels)
            cases.append(case)
    return cases
