//! Props in, view out: no component reads the store.

pub(crate) mod bars;
pub(crate) mod batching;
pub(crate) mod choice_group;
pub(crate) mod crop_frame;
pub(crate) mod export_row;
pub(crate) mod facts;
pub(crate) mod frame_tools;
pub(crate) mod glyph;
pub(crate) mod heat_explorer;
pub(crate) mod heat_legend;
pub(crate) mod heat_map;
pub(crate) mod hex_view;
pub(crate) mod histogram;
pub(crate) mod icon;
pub(crate) mod link;
pub(crate) mod link_form;
pub(crate) mod notice_row;
pub(crate) mod over;
pub(crate) mod photo_card;
pub(crate) mod pixel_picker;
pub(crate) mod pixels;
pub(crate) mod plate;
pub(crate) mod progress;
pub(crate) mod readout;
pub(crate) mod sample_button;
pub(crate) mod sheet;
