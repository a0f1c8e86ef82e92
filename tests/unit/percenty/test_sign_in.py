import pytest

from percenty_batch.errors import FailureKind
from percenty_batch.percenty.sign_in import refusal_kind

WRONG, LOCKED, CAPTCHA, BLOCKED, SITE_ERROR = (
    FailureKind.WRONG_PASSWORD,
    FailureKind.LOCKED,
    FailureKind.CAPTCHA,
    FailureKind.BLOCKED,
    FailureKind.SITE_ERROR,
)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("비밀번호가 올바르지 않습니다.", WRONG),
        ("이메일 또는 비밀번호가 일치하지 않습니다", WRONG),
        ("패스워드가 틀렸습니다", WRONG),
        ("존재하지 않는 이메일입니다. 이메일을 확인해주세요", WRONG),
        ("가입되지 않은 회원: 회원 정보가 없습니다", WRONG),
        ("계정이 잠겼습니다. 고객센터로 문의해주세요", LOCKED),
        ("비밀번호 5회 오류로 계정이 잠금 처리되었습니다", LOCKED),
        ("로그인 시도 횟수를 초과했습니다", LOCKED),
        ("계정 이용이 정지되었습니다", LOCKED),
        ("휴면 계정입니다", LOCKED),
        ("자동 입력 방지 문자를 입력해주세요", CAPTCHA),
        ("보안문자를 입력하세요", CAPTCHA),
        ("reCAPTCHA 확인이 필요합니다", CAPTCHA),
        ("로봇이 아닙니다", CAPTCHA),
        ("IP가 차단되었습니다", BLOCKED),
        ("해외 아이피 접근이 차단되었습니다", BLOCKED),
        ("비정상적인 접근입니다", BLOCKED),
        ("너무 많은 요청을 보냈습니다", BLOCKED),
        ("일시적인 오류가 발생했습니다", SITE_ERROR),
        ("시스템 점검 중입니다", SITE_ERROR),
        ("잠시 후 다시 시도해주세요", SITE_ERROR),
        ("502 Bad Gateway", SITE_ERROR),
        ("INTERNAL SERVER ERROR", SITE_ERROR),
    ],
)
def test_each_refusal_has_its_kind(text: str, kind: FailureKind) -> None:
    assert refusal_kind(text) is kind


@pytest.mark.parametrize(
    "text",
    [
        "",
        "이메일 로그인",
        "비밀번호 찾기",
        "회원가입",
        "환영합니다",
        "총 24,000개 상품",
        "다시 보지 않기",
        "상품 목록에 메모 내용 노출하기",
        "AI 소싱으로 상품을 수집하세요",
    ],
)
def test_a_harmless_text_is_no_refusal(text: str) -> None:
    assert refusal_kind(text) is None
