// dnd-kit comes as CommonJS only; its modules are given what they ask for by name.
const dnd = (() => {
  const has = { react: React, "react-dom": ReactDOM };
  const load = async (name) => {
    const short = name.split("/")[1];
    const text = await (await fetch(`/libs/${name}/dist/${short}.cjs.production.min.js`)).text();
    const module = { exports: {} };
    new Function("require", "module", "exports", text)((asked) => has[asked], module, module.exports);
    has[name] = module.exports;
  };
  return {
    has,
    loaded: ["utilities", "accessibility", "core", "sortable"].reduce((before, name) => before.then(() => load(`@dnd-kit/${name}`)), Promise.resolve()),
  };
})();

function SortableCard({ id, children }) {
  const { useSortable } = dnd.has["@dnd-kit/sortable"];
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition } = useSortable({ id });
  const style = { cursor: "move", transition, transform: dnd.has["@dnd-kit/utilities"].CSS.Transform.toString(transform) };
  if (option.thumbnail_drag === "handle") {
    return h("div", { className: "card", ref: setNodeRef, style: { ...style, cursor: undefined } },
      h("span", { ref: setActivatorNodeRef, className: "anticon", style: { cursor: "move", fontSize: 18 }, ...attributes, ...listeners }, icon("HolderOutlined")), children);
  }
  return h("div", { className: "card", ref: setNodeRef, style, ...attributes, ...listeners }, children);
}

// Cards that can be dragged; `onMove` gets the old and the new position.
function SortableCards({ ids, onMove, card }) {
  const [ready, setReady] = useState(false);
  useEffect(() => { dnd.loaded.then(() => setReady(true)); }, []);
  return ready ? h(Sorting, { ids, onMove, card }) : h(antd.Spin);
}

function Sorting({ ids, onMove, card }) {
  const core = dnd.has["@dnd-kit/core"];
  const sortable = dnd.has["@dnd-kit/sortable"];
  const activationConstraint = option.thumbnail_drag === "delay" ? { delay: 150, tolerance: 5 } : { distance: 8 };
  const pointer = core.useSensor(core.PointerSensor, { activationConstraint });
  const keyboard = core.useSensor(core.KeyboardSensor, { coordinateGetter: sortable.sortableKeyboardCoordinates });
  const sensors = core.useSensors(...(option.thumbnail_drag === "handle" ? [pointer, keyboard] : [pointer]));
  const end = ({ active, over }) => { if (over && active.id !== over.id) onMove(ids.indexOf(active.id), ids.indexOf(over.id)); };
  return h(core.DndContext, { sensors, collisionDetection: core.closestCenter, onDragEnd: end },
    h(sortable.SortableContext, { items: ids, strategy: sortable.rectSortingStrategy },
      h("div", { className: "cards" }, ids.map((id, index) => h(SortableCard, { key: id, id }, card(index))))));
}
