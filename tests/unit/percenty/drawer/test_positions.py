"""Which keys bring a card to the front of its grid."""

from percenty_batch.percenty.drawer.positions import keys_to_front


def test_a_card_of_the_first_row_goes_left() -> None:
    assert keys_to_front([(0, 0), (100, 0), (200, 0)]) == ("ArrowLeft", "ArrowLeft")


def test_a_card_of_a_later_row_goes_up_first() -> None:
    grid = [(0, 0), (100, 0), (200, 0), (0, 120), (100, 120)]
    assert keys_to_front(grid) == ("ArrowUp", "ArrowLeft")
    assert keys_to_front(grid[:4]) == ("ArrowUp",)


def test_the_first_card_stays() -> None:
    assert keys_to_front([(0, 0)]) == ()
