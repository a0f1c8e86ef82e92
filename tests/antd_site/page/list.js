// 그룹 상품 관리: view switch, group radios, and the list.
function GroupFilter({ groups, value, disabled, onChange }) {
  return h("div", { className: "section" },
    h("div", { className: "H5Bold16" }, "그룹 검색"),
    h(antd.Radio.Group, { className: "groups", value, disabled, onChange: (event) => onChange(event.target.value) },
      [["", "전체"], ...groups.map((name) => [name, name])].map(([key, name]) => h(antd.Radio, { key, value: key }, name))));
}

function ViewSwitch({ grouped, onChange }) {
  const text = grouped ? "그룹상품 보기" : "비그룹상품 보기";
  if (option.switch_label === "inside") {
    return h(antd.Switch, { checked: grouped, onChange, checkedChildren: "그룹상품 보기", unCheckedChildren: "비그룹상품 보기" });
  }
  return h(antd.Flex, { vertical: true, gap: 8, style: { width: 120 } },
    h("span", { className: "Body3Regular14 CharacterTitle85" }, text), h(antd.Row, null, h(antd.Switch, { checked: grouped, onChange })));
}

function GroupProducts() {
  const [grouped, setGrouped] = useState(true);
  const [group, setGroup] = useState("");
  const [isGrouping, setGrouping] = useState(false);
  const wanted = grouped && group ? `&group=${encodeURIComponent(group)}` : "";
  const list = useList(`place=${grouped ? "grouped" : "ungrouped"}${wanted}`);

  return h("div", { style: { padding: 24 } },
    h(antd.Flex, { justify: "space-between", style: { marginBottom: 16 } },
      h(ViewSwitch, { grouped, onChange: (value) => { setGrouped(value); list.setPage(1); } }), h(antd.Button, null, "그룹 관리하기")),
    h(GroupFilter, { groups: list.groups, value: group, disabled: !grouped, onChange: (name) => { setGroup(name); list.setPage(1); } }),
    h("div", { className: "H5Bold16" }, "전체 상품 목록"),
    h(antd.Flex, { gap: 12, align: "center", style: { margin: "12px 0" } },
      h("span", { className: "Body3Regular14" }, countText(list.data ? list.data.total : 0, list.selected.length)),
      h(antd.Button, { disabled: !list.selected.length, onClick: () => setGrouping(true) }, "그룹 지정"),
      h(PageSize, { list })),
    h(ProductTable, { list }),
    h(GroupingModal, { open: isGrouping, groups: list.groups, onClose: () => setGrouping(false), onMove: (target) => { setGrouping(false); list.move(list.selected, target); } }));
}
