"""The settings themselves: one model per room, and the names of all fields."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

import platformdirs
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    PositiveFloat,
    PositiveInt,
    SecretStr,
)
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

Seconds = PositiveFloat


def _split_at_commas(value: object) -> object:
    """Let a list be written in one environment variable: `a.com,b.com`."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def _split_at_blanks(value: object) -> object:
    """Let addresses be written in one environment variable: commas may stand inside them."""
    return tuple(value.split()) if isinstance(value, str) else value


def _without_user(url: HttpUrl) -> HttpUrl:
    """Refuse what would put a password into logs, reports and the ledger."""
    if url.username or url.password:
        raise PydanticCustomError("user_in_url", "no user information in the address")
    return url


Names = Annotated[tuple[str, ...], BeforeValidator(_split_at_commas)]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, allow_inf_nan=False, hide_input_in_errors=True
    )


class BrowserSettings(_Part):
    """How Chromium is found and started."""

    executable: Path | None = Field(None, description="브라우저 실행 파일 (없으면 자동으로 찾음)")
    is_headless: bool = Field(True, description="창 없이 실행")
    sandbox: Literal["auto", "on", "off"] = Field(
        "auto", description="Chromium 자체 샌드박스: auto는 켜 보고 시작할 수 없을 때만 끔"
    )
    start_timeout_s: Seconds = Field(30.0, description="브라우저 시작 제한 시간(초)")
    close_timeout_s: Seconds = Field(10.0, description="브라우저와 컨텍스트를 닫는 제한 시간(초)")
    blocked_hosts: Names = Field(
        ("channel.io",), description="요청을 막을 호스트 (하위 호스트 포함, 쉼표로 구분)"
    )
    probe_timeout_s: Seconds = Field(
        3.0, description="멈춘 브라우저로 보기까지 응답을 기다리는 시간(초)"
    )
    recycle_after_contexts: PositiveInt = Field(
        200, description="브라우저 하나가 이만큼 세션을 열면 새 브라우저로 바꿈"
    )
    recycle_after_mb: PositiveInt = Field(
        4096, description="브라우저와 드라이버의 메모리가 이만큼(MB) 되면 새 브라우저로 바꿈"
    )


class SiteSettings(_Part):
    """Where the site is and how long it may take."""

    base_url: Annotated[HttpUrl, AfterValidator(_without_user)] = Field(
        HttpUrl("https://www.percenty.co.kr"), description="사이트 주소"
    )
    action_timeout_s: Seconds = Field(20.0, description="동작 하나의 제한 시간(초)")
    sign_in_timeout_s: Seconds = Field(60.0, description="로그인 제한 시간(초)")


class JobSettings(_Part):
    """How many accounts at once, and when to give up."""

    concurrency: PositiveInt | None = Field(
        None, description="동시에 처리할 계정 수 (없으면 메모리, PID, CPU 한도로 정함)"
    )
    start_interval_s: Annotated[float, Field(ge=0)] = Field(
        0.0, description="계정 시작 사이의 간격(초)"
    )
    item_timeout_s: Seconds = Field(
        180.0, description="작업 하나(상품, 키워드, 묶음)의 제한 시간(초)"
    )
    stale_list_timeout_s: Seconds = Field(
        15.0, description="이동한 상품이 목록에서 사라지기를 기다리는 시간(초)"
    )
    max_attempts: PositiveInt = Field(3, description="계정 하나를 다시 시도하는 최대 횟수")
    max_consecutive_failures: PositiveInt = Field(
        5, description="작업이 연속으로 이만큼 실패하면 그 계정을 멈춤"
    )
    max_browser_deaths: Annotated[int, Field(ge=1, le=3)] = Field(
        3, description="계정 하나를 맡은 브라우저가 이만큼 죽으면 그 계정을 멈춤"
    )
    job_timeout_s: Seconds | None = Field(
        None, description="계정 하나의 제한 시간(초, 없으면 제한 없음)"
    )
    deadline: str | None = Field(
        None, description="실행을 마칠 시각(06:00) 또는 시간(7h30m, 90m); 그 뒤에는 시작하지 않음"
    )
    stall_factor: Annotated[float, Field(gt=1)] = Field(
        10.0, description="작업 하나가 그 계정의 중앙값보다 이 배수만큼 오래 걸리면 멈춘 것으로 봄"
    )
    stall_min_s: Seconds = Field(
        300.0, description="진행이 없어도 이 시간(초) 안에는 멈춘 것으로 보지 않음"
    )
    halt: str | None = Field(
        None, description="실패가 이만큼이면 배치를 멈춤: fail=20% 또는 fail=3 (계정 수)"
    )
    site_down_accounts: PositiveInt = Field(
        5, description="짧은 시간에 이만큼의 계정이 같은 이유로 실패하면 사이트 장애로 봄"
    )
    site_down_window_s: Seconds = Field(120.0, description="사이트 장애를 판단하는 시간 간격(초)")
    stop_grace_s: Annotated[float, Field(ge=0)] = Field(
        20.0, description="중단 신호 뒤 진행 중인 작업을 마칠 수 있는 시간(초)"
    )


class StepSettings(_Part):
    """How far the steps go; counted per account."""

    products_per_keyword: PositiveInt = Field(
        20, description="3단계: 키워드 하나에서 한 번에 처리할 최대 상품 수"
    )
    products_per_day: PositiveInt | None = Field(
        None, description="3단계: 하루에 처리할 최대 상품 수 (없으면 제한 없음)"
    )
    images_per_run: PositiveInt = Field(2000, description="3단계: 한 실행에 번역할 최대 이미지 수")
    images_per_day: PositiveInt = Field(2000, description="3단계: 하루에 번역할 최대 이미지 수")
    keyword_order: Literal["workbook", "round_robin"] = Field(
        "workbook",
        description="3단계: workbook은 키워드마다 한 번씩, round_robin은 수량이 찰 때까지 되풀이",
    )
    image_timeout_s: Seconds = Field(
        60.0, description="3단계: 이미지 하나를 번역하는 제한 시간(초)"
    )
    option_names_timeout_s: Seconds = Field(
        60.0, description="5단계: AI 옵션명 다듬기의 제한 시간(초)"
    )
    translations_per_day: PositiveInt = Field(
        300, description="4단계: 하루에 일괄 번역할 최대 상품 수"
    )
    translation_timeout_s: Seconds = Field(
        900.0, description="4단계: 묶음 하나의 번역이 끝나기를 기다리는 시간(초)"
    )
    max_rounds: PositiveInt = Field(10, description="3단계: round_robin으로 되풀이하는 최대 횟수")
    upload_stall_s: Seconds = Field(
        180.0, description="6_1단계: 업로드가 이 시간(초) 동안 진행되지 않으면 멈춘 것으로 봄"
    )
    stop_on_failure: Names = Field(
        (), description="실패하면 그 계정의 남은 단계를 시작하지 않을 단계 (예: 1,5_1)"
    )


class LogSettings(_Part):
    """Where logs go and how their lines look."""

    folder: Path = Field(Path("logs"), description="로그 폴더")
    format: Literal["text", "json"] = Field("text", description="로그 줄 형식")
    level: Literal["debug", "info", "warning", "error"] = Field("info", description="로그 수준")
    max_open_files: PositiveInt = Field(64, description="동시에 열어 두는 로그 파일 수")
    min_free_mb: Annotated[int, Field(ge=0)] = Field(
        200, description="로그 폴더의 디스크 여유 공간(MB)이 이보다 적으면 시작하지 않음"
    )


Days = Annotated[float, Field(ge=0)]


class RetentionSettings(_Part):
    """How long what a run leaves is kept. The ledger is kept for ever."""

    is_automatic: bool = Field(True, description="실행이 끝날 때마다 오래된 로그를 정리")
    compress_after_days: Days = Field(2.0, description="끝난 실행의 로그를 압축하기까지의 기간(일)")
    success_days: Days = Field(14.0, description="성공한 계정의 로그를 지우기까지의 기간(일)")
    failure_days: Days = Field(90.0, description="그 밖의 계정의 로그를 지우기까지의 기간(일)")
    evidence_days: Days = Field(30.0, description="증거를 지우기까지의 기간(일)")
    max_mb: PositiveInt | None = Field(
        None, description="로그 폴더의 최대 크기(MB); 넘으면 오래된 실행부터 지움"
    )
    max_files: PositiveInt | None = Field(
        None, description="로그 폴더의 최대 파일 수; 넘으면 오래된 실행부터 지움"
    )


class EvidenceSettings(_Part):
    """What is kept of a failure, to be looked at later."""

    should_take: bool = Field(
        True, description="실패한 상품과 계정의 화면, HTML, 마지막 동작을 저장"
    )
    should_trace: bool = Field(
        False,
        description="Playwright trace도 저장 (비밀번호, 쿠키, 응답 본문은 지우지만 화면은 남음)",
    )
    timeout_s: Seconds = Field(5.0, description="증거 하나를 저장하는 제한 시간(초)")
    max_file_mb: PositiveInt = Field(20, description="증거 파일 하나의 최대 크기(MB)")
    max_per_job: PositiveInt = Field(10, description="계정 하나가 증거를 남기는 최대 횟수")


class LedgerSettings(_Part):
    """Where the durable record is, and how long an account stays ours without a sign of life."""

    url: str | None = Field(
        None,
        repr=False,
        description="원장 데이터베이스 (postgresql://…; 없으면 로그 폴더의 ledger.sqlite3)",
    )
    lease_s: Annotated[float, Field(ge=1)] = Field(
        30.0, description="응답이 없는 실행의 계정을 다른 실행이 넘겨받기까지의 시간(초)"
    )


class ReportSettings(_Part):
    """How reports look, and which a run writes beside Markdown, JSON and HTML."""

    templates_dir: Path | None = Field(None, description="사용자 템플릿 폴더 (먼저 찾음)")
    formats: Annotated[
        tuple[Literal["junit", "csv", "handover"], ...], BeforeValidator(_split_at_commas)
    ] = Field(
        (), description="더 쓸 보고서: junit, csv, handover (사람이 필요한 계정; 쉼표로 구분)"
    )


class NotifySettings(_Part):
    """Who is told how a run ended. The addresses are secrets."""

    urls: Annotated[tuple[SecretStr, ...], BeforeValidator(_split_at_blanks)] = Field(
        (),
        repr=False,
        description="알림을 받을 Apprise 주소 (mailto://…, slack://…, tgram://…; 빈칸으로 구분)",
    )
    timeout_s: Seconds = Field(30.0, description="알림 하나를 보내는 제한 시간(초)")
    should_attach: bool = Field(True, description="실패한 계정의 목록과 화면을 첨부")
    max_attachment_mb: PositiveInt = Field(5, description="알림 하나의 첨부 파일 최대 크기(MB)")


class DashboardSettings(_Part):
    """Where the dashboard is served, and who may see it."""

    host: str = Field("127.0.0.1", description="대시보드를 여는 주소")
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        8770, description="대시보드의 포트 (0: 비어 있는 포트)"
    )
    token: Annotated[SecretStr, Field(min_length=16)] | None = Field(
        None,
        repr=False,
        description="대시보드의 로그인 토큰, 16자 이상 (없으면 시작할 때 만들어 한 번 보여 줌)",
    )
    allowed_hosts: Names = Field(
        (), description="이 컴퓨터의 이름 말고도 접속을 받을 호스트 (쉼표로 구분)"
    )
    is_https: bool = Field(False, description="HTTPS 프록시 뒤에 있음: 쿠키를 HTTPS로만 보냄")


class StateSettings(_Part):
    """What is kept between runs."""

    folder: Path = Field(
        default_factory=lambda: Path(platformdirs.user_state_dir("percenty_batch")),
        description="저장된 로그인을 두는 폴더",
    )
    should_keep_sign_ins: bool = Field(True, description="로그인을 저장하고 다음 실행에 다시 사용")


class Settings(_Part):
    """The whole. `accounts_file` and `quantity` are the defaults of the same flags."""

    accounts_file: Path | None = Field(None, description="계정 파일 (CSV 또는 xlsx)")
    quantity: PositiveInt | None = Field(
        None, description="계정마다 처리할 수량 (없으면 단계마다 정해진 수량)"
    )
    steps_from: Names = Field(
        (), description="사용자 단계가 있는 파일(my_steps.py)이나 모듈 (쉼표로 구분)"
    )
    browser: BrowserSettings = BrowserSettings()
    site: SiteSettings = SiteSettings()
    jobs: JobSettings = JobSettings()
    steps: StepSettings = StepSettings()
    logs: LogSettings = LogSettings()
    retention: RetentionSettings = RetentionSettings()
    reports: ReportSettings = ReportSettings()
    ledger: LedgerSettings = LedgerSettings()
    evidence: EvidenceSettings = EvidenceSettings()
    notify: NotifySettings = NotifySettings()
    dashboard: DashboardSettings = DashboardSettings()
    state: StateSettings = Field(default_factory=StateSettings)


def setting_fields(
    model: type[BaseModel] = Settings, prefix: str = ""
) -> Iterator[tuple[str, FieldInfo]]:
    """Yield every setting as (`jobs.concurrency`, its field), in the order of the models."""
    for name, field in model.model_fields.items():
        part = field.annotation
        if isinstance(part, type) and issubclass(part, BaseModel):
            yield from setting_fields(part, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", field


def variable_name(key: str) -> str:
    """Name the environment variable of a setting: `PERCENTY_JOBS__CONCURRENCY`."""
    return f"PERCENTY_{key.replace('.', '__').upper()}"
