"""Pictures that a page shows, compared by screenshots: its scripts may not read another host's."""

from base64 import b64encode
from dataclasses import dataclass

from playwright.async_api import Locator

# What comes and goes over a picture without being part of it.
_BARE = ".ant-message, .ant-notification, .ant-tooltip { visibility: hidden !important; }"
_MARGIN = 0.1  # of a picture's sides, where frames and round corners are
_GRAIN = 32  # pixels of a side, to which pictures are brought to be compared
_MOST_APART = 4.0  # of 255: one picture at two places of a page is not drawn alike to the pixel
_READ = """async ([shot, margin, grain]) => {
    const bytes = Uint8Array.from(atob(shot), letter => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes]));
    const [x, y] = [image.width * margin, image.height * margin].map(Math.ceil);
    const [width, height] = [image.width - 2 * x, image.height - 2 * y];
    const pixels = (wide, high) => {
        const pen = new OffscreenCanvas(wide, high).getContext('2d');
        pen.imageSmoothingQuality = 'high';
        pen.drawImage(image, x, y, width, height, 0, 0, wide, high);
        return pen.getImageData(0, 0, wide, high).data;
    };
    const colours = new Uint32Array(pixels(width, height).buffer);
    return [colours.every(colour => colour === colours[0]), [...pixels(grain, grain)]];
}"""
_HAS_LOADED = "([image]) => Boolean(image?.complete && image.naturalWidth > 1)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What a picture shows within its margins: one colour alone (`is_blank`), or coarsely what."""

    is_blank: bool
    coarse: tuple[int, ...]

    def is_like(self, other: "Picture") -> bool:
        apart = sum(abs(a - b) for a, b in zip(self.coarse, other.coarse, strict=True))
        return apart <= _MOST_APART * len(self.coarse)


async def shot(target: Locator) -> bytes:
    """Take an element as PNG, without the messages that lie over it."""
    return await target.screenshot(style=_BARE)


async def read(target: Locator, png: bytes) -> Picture:
    """Read a shot, with the help of the page of its element."""
    given = [b64encode(png).decode(), _MARGIN, _GRAIN]
    is_blank, coarse = await target.page.evaluate(_READ, given)
    return Picture(is_blank=is_blank, coarse=tuple(coarse))


async def loaded(image: Locator) -> Picture | None:
    """Read an `img` element; None where it is missing or its picture has not come."""
    if not await image.evaluate_all(_HAS_LOADED):
        return None
    return await read(image, await shot(image))
