use super::*;

const OWN: Square = square(50, 6, 88);

const fn square(left: u32, top: u32, side: u32) -> Square {
    Square { left, top, side }
}

/// 200 × 100 pixels, a crop of 224: at least 28.
fn field() -> Field {
    Field::new(200, 100, 224, OWN)
}

#[test]
fn a_square_stays_inside_the_photo() {
    assert_eq!(field().moved(OWN, (10.4, 3.5)), square(60, 10, 88));
    assert_eq!(field().moved(OWN, (1e9, -1e9)), square(112, 0, 88));
    assert_eq!(field().zoomed(OWN, 9.0), square(44, 0, 100));
}

#[test]
fn a_square_is_never_smaller_than_an_eighth_of_the_crop() {
    assert_eq!(field().zoomed(OWN, 0.001), square(80, 36, 28));
    let corner = Corner {
        right: true,
        lower: true,
    };
    assert_eq!(
        field().pulled(OWN, corner, (-500.0, -500.0)),
        square(50, 6, 28)
    );
}

#[test]
fn of_a_tiny_photo_the_models_own_square_may_be_chosen() {
    let own = square(6, 1, 18);
    let tiny = Field::new(30, 20, 224, own);
    assert_eq!(tiny.zoomed(own, 0.5).side, 18);
    assert_eq!(tiny.zoomed(own, 2.0), square(5, 0, 20));
    assert_eq!(tiny.moved(own, (100.0, 100.0)), square(12, 2, 18));
}

#[test]
fn the_corner_that_is_not_pulled_stays() {
    let at = square(50, 20, 60);
    for (right, lower, way, expected) in [
        (true, true, (10.0, 10.0), square(50, 20, 70)),
        (false, false, (10.0, 10.0), square(60, 30, 50)),
        (true, false, (10.0, -10.0), square(50, 10, 70)),
        (false, true, (-500.0, 0.0), square(30, 20, 80)),
    ] {
        assert_eq!(field().pulled(at, Corner { right, lower }, way), expected);
    }
}

#[test]
fn what_is_under_two_fingers_stays_under_them() {
    let at = square(50, 20, 40);
    let from = [(60.0, 40.0), (80.0, 40.0)];
    // Twice as far apart, and the middle 10 to the right.
    let to = [(60.0, 40.0), (100.0, 40.0)];
    let factor = distance(to) / distance(from);
    assert_eq!(field().pinched(at, from, to, factor), square(40, 0, 80));
}

#[test]
fn a_step_of_the_keyboard_is_at_least_a_pixel() {
    let right = Act::of_key("ArrowRight", false).unwrap();
    let tiny = Field::new(30, 20, 224, square(6, 1, 18));
    assert_eq!(tiny.after(square(6, 1, 18), right), Some(square(7, 1, 18)));
    let far = Act::of_key("ArrowDown", true).unwrap();
    let at = square(50, 20, 60);
    assert_eq!(field().after(at, far), Some(square(50, 30, 60)));
    assert_eq!(field().after(at, Act::Reset), None);
}

#[test]
fn the_keys_move_resize_and_reset() {
    assert_eq!(Act::of_key("+", true), Some(Act::LARGER));
    assert_eq!(Act::of_key("-", false), Some(Act::SMALLER));
    assert_eq!(Act::of_key("Home", false), Some(Act::Reset));
    assert_eq!(Act::of_key("End", false), None);
    let at = square(50, 20, 60);
    let larger = field().after(at, Act::LARGER).unwrap();
    assert_eq!(field().after(larger, Act::SMALLER), Some(at));
}

#[test]
fn where_a_square_lies_is_said_in_percent() {
    assert_eq!(
        over(square(50, 25, 50), (200, 100)),
        ["25.0000%", "25.0000%", "25.0000%", "50.0000%"]
    );
}
