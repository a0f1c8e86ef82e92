"""Page objects and whole steps on contrasting variants of the second imitation.

All variants of each are run by `python -m tests.antd_site.matrix`; these few stand for them.
"""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.antd_site import Options
from tests.antd_site.trials import TRIALS

QUICK = Options(latency_s=(0.0, 0.03), popups=1, popup_delay_s=0.1, image_delete_s=0.05)
VARIANTS = {
    "lists": replace(
        QUICK,
        group_names="lower",
        list_refresh="late",
        keyword_search="live",
        group_filter="on_search",
        filter_memory="kept",
        selection_after="kept",
        old_rows="blanked",
        button_icons="shown",
        page_size="in_pagination",
        news="polled",
    ),
    "translation": replace(
        QUICK,
        translation_end="quiet",
        translation_notice="shown",
        quota_text="of_total",
        header_select="search",
        toasts="none",
        translation_s=1.0,
    ),
    "markets": replace(
        QUICK,
        market_badges="in_pane",
        market_labels="none",
        market_panes="all",
        market_question="modal",
        market_idle="enabled",
        market_input="locked",
        menu="collapsed",
    ),
    "upload": replace(
        QUICK,
        upload_question="shown",
        upload_markets="none",
        upload_table="paged",
        upload_table_rows="all",
        button_icons="shown",
        upload_s=1.0,
    ),
    "forms": replace(QUICK, latency_s=(0.4, 0.5), form_values="late"),
    "3_1_1": replace(
        QUICK,
        autosave="close",
        image_editor="overlay",
        image_editor_start="first",
        image_editor_save="stays",
        pictures="other_origin",
        copied_thumbnail="first",
        detail="figures",
        header_select="search",
        old_rows="blanked",
    ),
    "5_1": replace(
        QUICK,
        autosave="button",
        list_refresh="switch",
        row_select="plain",
        thumbnail_drag="handle",
        copy_feedback="modal",
        option_types="two",
        group_names="lower",
        tab_panes="header",
        form_values="late",
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_what_is_reported_is_what_the_site_recorded(name: str, tmp_path: Path) -> None:
    assert TRIALS[name].run(1, VARIANTS[name], tmp_path) == []
