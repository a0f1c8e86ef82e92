"""The sandbox's world: the same seed makes the same products, in the shapes asked for."""

import re

from percenty_batch.sandbox import Faults, SandboxAccount, Shape
from percenty_batch.sandbox.world import group_names, make_products, without_image

ACCOUNT = SandboxAccount(
    id="a@example.com",
    password="pw",
    shapes=(Shape(images=0), Shape(images=36, options=23, has_model=False), Shape()),
    grouped=5,
)


def test_the_same_seed_makes_the_same_products() -> None:
    assert make_products(7, ACCOUNT) == make_products(7, ACCOUNT)
    assert make_products(7, ACCOUNT) != make_products(8, ACCOUNT)


def test_products_have_the_keys_memos_and_names_of_the_site() -> None:
    products = make_products(1, ACCOUNT)

    assert all(re.fullmatch(r"[0-9a-f]{24}", product.key) for product in products)
    assert all(re.fullmatch(r"G\d\d-\d\d\|444-\d{12}-[A-Z]\d\d", p.memo) for p in products)
    assert all(re.search(r" [A-Z]\d\dZ1$", product.name) for product in products)
    assert len({product.key for product in products}) == len(products) == 8


def test_shapes_set_images_options_and_the_model_field() -> None:
    empty, large, plain = make_products(1, ACCOUNT)[:3]

    assert (len(empty.images), len(large.images), len(plain.images)) == (0, 36, 6)
    assert (len(large.options), large.model) == (23, None)
    assert (plain.group, plain.model) == (None, "")


def test_an_account_has_fifty_groups_of_which_none_is_part_of_another() -> None:
    names = group_names(has_lower_case_trash=False)

    assert len(names) == len(set(names)) == 50
    assert not [(a, b) for a in names for b in names if a != b and a in b]


def test_some_accounts_write_the_trash_groups_in_lower_case() -> None:
    assert {"복제X", "삭제X"} <= set(group_names(has_lower_case_trash=False))
    assert {"복제x", "삭제x"} <= set(group_names(has_lower_case_trash=True))


def test_a_duplicate_waits_for_every_letter_that_could_be_appended() -> None:
    account = SandboxAccount(id="d@example.com", password="pw", faults=Faults(duplicate_names=1))
    products = make_products(1, account)

    names = {product.name for product in products if product.group}
    assert {products[0].name + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"} <= names


def test_taking_an_image_out_leaves_the_rest_of_the_detail_page() -> None:
    product = make_products(1, ACCOUNT)[2]

    html = without_image(product.detail_html, product.images[1])

    assert product.images[1] not in html
    assert html.startswith("<p>상품 상세 설명</p>")
    assert html.count("<figure") == 5
