//! Points in time.

use std::time::Duration;

use domain::Timestamp;

#[test]
fn whole_seconds_are_rounded_down_and_the_end_of_something_is_rounded_up() {
    let cases = [
        (0, 0, 0),
        (1, 0, 1),
        (999, 0, 1),
        (1_000, 1, 1),
        (1_001, 1, 2),
    ];
    for (millis, down, up) in cases {
        let time = Timestamp::from_millis(millis);
        assert_eq!(
            (time.as_secs(), time.as_secs_ceil()),
            (down, up),
            "{millis}"
        );
    }
}

#[test]
fn a_duration_takes_a_time_on_by_its_milliseconds() {
    let later = Timestamp::from_millis(5) + Duration::from_micros(2_999);
    assert_eq!(later.as_millis(), 7);
}

#[test]
fn there_is_an_end_of_time_and_nothing_goes_beyond_it() {
    let end = Timestamp::from_millis(u64::MAX);
    assert_eq!(end + Duration::from_secs(1), end);
    assert_eq!(Timestamp::default() + Duration::MAX, end);
}
