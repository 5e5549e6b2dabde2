use super::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn it_is_made_once_and_only_its_owner_can_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("not/there/yet");
    let now = SystemTime::now();
    let first = Authority::of(&inner, now).unwrap().fingerprint();
    assert_eq!(mode(&inner.join(FILE)), 0o600);
    assert_eq!(Authority::of(&inner, now).unwrap().fingerprint(), first);
    assert_eq!(
        fs::read_dir(&inner).unwrap().count(),
        1,
        "nothing is left beside it"
    );
}

#[test]
fn a_key_that_others_can_read_is_closed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    Authority::of(folder.path(), SystemTime::now()).unwrap();
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    Authority::of(folder.path(), SystemTime::now()).unwrap();
    assert_eq!(mode(&path), 0o600);
}

#[test]
fn two_that_start_at_once_end_up_with_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let one = make(OffsetDateTime::now_utc()).unwrap();
    let other = make(OffsetDateTime::now_utc()).unwrap();
    keep(&path, &one).unwrap();
    keep(&path, &other).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), one);
}

#[test]
fn a_broken_file_is_told_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let now = OffsetDateTime::now_utc();
    let (good, other) = (make(now).unwrap(), make(now).unwrap());
    let end_of_key = good.find("-----BEGIN CERT").unwrap();
    let (key, _) = good.split_at(end_of_key);
    let (_, others_certificate) = other.split_at(other.find("-----BEGIN CERT").unwrap());
    for (text, fault) in [
        ("nonsense".to_owned(), "no private key"),
        (key.to_owned(), "no certificate"),
        (key.to_owned() + others_certificate, "not of this key"),
        (good.replace("MII", "!!!"), "the"),
    ] {
        fs::write(&path, &text).unwrap();
        let error = Authority::of(folder.path(), SystemTime::now())
            .err()
            .unwrap();
        assert!(matches!(error, AuthorityError::Broken { .. }), "{error}");
        let said = error.to_string();
        assert!(said.contains(fault) && said.contains("delete it"), "{said}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn none_is_made_by_a_clock_that_was_never_set() {
    let folder = tempfile::tempdir().unwrap();
    let error = Authority::of(folder.path(), SystemTime::UNIX_EPOCH)
        .err()
        .unwrap();
    assert!(error.to_string().contains("Set the clock"), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn one_of_another_time_than_the_clocks_is_told_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(FILE);
    let years = |count: u64| std::time::Duration::from_secs(count * 366 * 86_400);
    let now = SystemTime::now() + years(5);
    Authority::of(folder.path(), now).unwrap();
    let before = fs::read(&path).unwrap();
    // The clock was ahead when it was made, and is right now; the clock is far ahead now.
    for (clock, is_good) in [
        (now - years(1) / 2, true),
        (now - years(2), false),
        (now + years(9), true),
        (now + years(11), false),
    ] {
        match Authority::of(folder.path(), clock) {
            Ok(authority) => assert!(is_good && authority.validity().contains(clock)),
            Err(error) => {
                let said = error.to_string();
                assert!(!is_good && said.contains("If the clock is wrong"), "{said}");
                assert!(said.contains(&path.display().to_string()), "{said}");
            }
        }
    }
    assert_eq!(fs::read(&path).unwrap(), before);
}
