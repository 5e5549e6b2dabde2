//! A photo as large as its place lets it be, with room over it for what is to be drawn there. The
//! place keeps its size, whatever is shown in it.

use std::sync::Arc;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlImageElement;

use super::icon::Mark;
use super::pixels::{Pixels, Rgba};

/// Photos of at most this width, pixels, are shown with their pixels as squares.
const TINY: u32 = 96;

/// Whether a picture is a photo's own, or a smaller one of it, up to the rounding of its sides.
fn is_same_shape(picture: (u32, u32), photo: (u32, u32)) -> bool {
    let across = |a: u32, b: u32| u64::from(a) * u64::from(b);
    let difference = across(picture.0, photo.1).abs_diff(across(picture.1, photo.0));
    picture == photo || difference <= u64::from(photo.0.max(photo.1))
}

/// The photo at `address`; where the browser cannot show it, `instead`, once that is there. `size` is
/// the upright photo's, once it is known. `on_odd`: the browser does not show the photo, or shows it
/// in another size, not turned upright as the model sees it. The children lie over the photo.
#[component]
pub(crate) fn Plate(
    address: Signal<Arc<str>>,
    #[prop(into)] alternative: String,
    #[prop(into)] size: Signal<Option<(u32, u32)>>,
    #[prop(into)] instead: Signal<Option<Rgba>>,
    on_odd: Callback<()>,
    children: Children,
) -> impl IntoView {
    // What the browser finds, until the photo is opened, and to compare.
    let (found, set_found) = signal(None::<(u32, u32)>);
    let on_load = move |event: web_sys::Event| {
        let image = event
            .target()
            .and_then(|it| it.dyn_into::<HtmlImageElement>().ok());
        set_found.set(image.map(|image| (image.natural_width(), image.natural_height())));
    };
    Effect::new(move || {
        if let (Some(found), Some(size)) = (found.get(), size.get())
            && !is_same_shape(found, size)
        {
            on_odd.run(());
        }
    });
    let shown = Memo::new(move |_| size.get().or_else(|| found.get()).unwrap_or((1, 1)));
    let ratio = Memo::new(move |_| {
        let (width, height) = shown.get();
        f64::from(width.max(1)) / f64::from(height.max(1))
    });
    // As wide as the place, or as wide as its height allows.
    let width = move || format!("min(100cqw, {:.4}cqh)", 100.0 * ratio.get());
    let is_tiny = move || size.get().is_some_and(|(width, _)| width <= TINY);
    let (broken, set_broken) = signal(false);
    // None yet of a link's picture.
    let source = move || Some(address.get().to_string()).filter(|address| !address.is_empty());
    let label = alternative.clone();
    view! {
        <div class="plate">
            <Mark />
            <div
                class="plate-photo"
                class:is-tiny=is_tiny
                class:is-broken=broken
                style:width=width
                style:aspect-ratio=move || ratio.get().to_string()
            >
                <img
                    src=source
                    alt=alternative
                    decoding="async"
                    draggable="false"
                    on:load=on_load
                    on:error=move |_| {
                        set_broken.set(true);
                        on_odd.run(());
                    }
                />
                {move || {
                    let picture = instead.get()?;
                    let label = label.clone();
                    Some(view! { <Pixels picture=Signal::stored(picture) label class="plate-pixels" /> })
                }}
                {children()}
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::is_same_shape;

    #[test]
    fn a_small_picture_is_the_photos_own_and_one_on_its_side_is_not() {
        assert!(is_same_shape((1600, 1199), (8000, 5997)));
        assert!(is_same_shape((3999, 4000), (3999, 4000)));
        assert!(!is_same_shape((4000, 3999), (3999, 4000)));
        assert!(!is_same_shape((1200, 1600), (8000, 6000)));
    }
}
