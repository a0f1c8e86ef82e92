import pytest

from percenty_batch.errors import InputError
from percenty_batch.notify import channels_of, secrets_of
from percenty_batch.settings import NotifySettings, load_settings

URL = "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/%23general"
MAIL = "mailto://someone:pass-w0rd@gmail.example?to=ops@example.com"


def settings(*urls: str) -> NotifySettings:
    return NotifySettings.model_validate({"urls": urls})


def test_a_channel_is_named_without_its_address() -> None:
    slack, mail = channels_of(settings(URL, MAIL))
    assert (slack.name, mail.name) == ("slack 1", "mailto 2")
    assert "TIiajkdnlazkcOXrIdevi7FQ" not in repr(slack) + slack.key


def test_the_same_address_twice_is_one_channel() -> None:
    assert len(channels_of(settings(MAIL, MAIL))) == 1


@pytest.mark.parametrize("bad", ["nonsense://s3cret-token", "mailto://", "s3cret-token"])
def test_an_address_that_cannot_be_used_is_refused_without_showing_it(bad: str) -> None:
    with pytest.raises(InputError) as caught:
        channels_of(settings(MAIL, bad))
    assert "쓸 수 없는 알림 주소입니다" in str(caught.value)
    assert " 2" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_tokens_and_passwords_are_secrets_but_addresses_of_people_are_none() -> None:
    assert {"TIiajkdnlazkcOXrIdevi7FQ", "T1JJ3T3L2", URL} <= {*secrets_of([URL])}
    found = {*secrets_of([MAIL])}
    assert "pass-w0rd" in found
    assert "ops@example.com" not in found


def test_addresses_are_masked_wherever_settings_are_shown() -> None:
    loaded = load_settings(None, {"PERCENTY_NOTIFY__URLS": f"{URL}\n{MAIL}"})
    assert len(loaded.notify.urls) == 2
    for shown in (repr(loaded), str(loaded.model_dump()), loaded.model_dump_json()):
        assert "TIiajk" not in shown
        assert "pass-w0rd" not in shown


def test_a_wrong_value_is_refused_without_showing_it() -> None:
    with pytest.raises(InputError) as caught:
        load_settings(None, {"PERCENTY_NOTIFY__TIMEOUT_S": "x"})
    assert "'x'" in str(caught.value)
