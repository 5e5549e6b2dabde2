//! What node calls: a photo of RGBA in the module's memory, ours and `fast_image_resize` over it. No
//! bindings are needed for numbers.

use std::cell::RefCell;

use conch_shared::model::{Layout as TensorLayout, Recipe};
use conch_shared::preprocess::crop::Geometry;
use conch_shared::preprocess::kernel::Kernel;
use conch_shared::preprocess::orient::Orientation;
use conch_shared::preprocess::plan::{Plan, View};
use conch_shared::preprocess::stream::{Pixels, Stream};

use crate::{Fast, Layout};

struct Photo {
    size: (u32, u32),
    rgba: Vec<u8>,
    recipe: Recipe,
    fast: Fast,
}

thread_local! {
    static PHOTO: RefCell<Option<Photo>> = const { RefCell::new(None) };
}

/// Makes room for a photo of `4 * width * height` bytes and gives its address.
#[unsafe(no_mangle)]
pub extern "C" fn room(width: u32, height: u32) -> *mut u8 {
    let recipe = Recipe::from_parameters(&[].into(), 224, TensorLayout::Nchw)
        .expect("all of it has defaults");
    let geometry = Geometry::new(width, height, &recipe);
    let mut photo = Photo {
        size: (width, height),
        rgba: vec![255; 4 * width as usize * height as usize],
        fast: Fast::new(
            (geometry.resized_width, geometry.resized_height),
            Layout::Rgba,
        ),
        recipe,
    };
    let address = photo.rgba.as_mut_ptr();
    PHOTO.set(Some(photo));
    address
}

/// Ours, all of the photo; gives the number of bytes made, 0 where there is no photo.
#[unsafe(no_mangle)]
pub extern "C" fn ours() -> usize {
    with(|photo| {
        let view = View {
            whole: true,
            ..View::of_crop(&photo.recipe)
        };
        let plan = Plan::or_crop(photo.size, Orientation::default(), view);
        let mut stream = Stream::with(Kernel::best(), Pixels::Rgbx, plan);
        stream.push_all(&photo.rgba, 4 * photo.size.0 as usize);
        stream.finish().len()
    })
}

/// `fast_image_resize`, all of the photo; gives the number of bytes made.
#[unsafe(no_mangle)]
pub extern "C" fn fast() -> usize {
    with(|photo| photo.fast.resize(photo.size, &photo.rgba))
}

fn with(work: impl FnOnce(&mut Photo) -> usize) -> usize {
    PHOTO.with_borrow_mut(|photo| photo.as_mut().map_or(0, work))
}
