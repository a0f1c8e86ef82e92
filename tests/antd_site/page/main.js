const MENU = [
  { key: "HOME", label: "퍼센티 홈", icon: icon("HomeOutlined") },
  { key: "SELLER_CALENDAR", label: "셀러 캘린더", icon: icon("CalendarOutlined") },
  { key: "PRODUCT", label: "상품 관리", icon: icon("ShoppingOutlined"), children: [
    { key: "AI_PRODUCT_SOURCING", label: "AI 소싱" },
    { key: "PRODUCT_REGISTER", label: "신규 상품 등록" },
    { key: "PRODUCT_MANAGE", label: "등록 상품 관리" },
    { key: "PRODUCT_GROUP", label: "그룹 상품 관리" },
  ] },
  { key: "ORDER", label: "주문 관리", icon: icon("FileDoneOutlined"), children: [
    { key: "ORDER_MANAGE", label: "상품 주문 관리" },
    { key: "CUSTOMER_INQUIRY", label: "고객 문의 관리" },
  ] },
  { key: "UPLOAD", label: "업로드 설정", icon: icon("CloudUploadOutlined"), children: [
    { key: "BASIC_SETTING", label: "기본 업로드 설정" },
    { key: "MARKET_SETTING", label: "마켓 설정" },
  ] },
  { key: "NOTICE_LIST", label: "공지사항", icon: icon("NotificationOutlined") },
  { key: "SETTING", label: "설정", icon: icon("UserOutlined"), children: [
    { key: "SETTINGS", label: "이용정보 / 설정" },
  ] },
];
const PARENTS = MENU.filter((item) => item.children).map((item) => item.key);

const PAGES = {
  PRODUCT_GROUP: GroupProducts,
  PRODUCT_REGISTER: () => h(ManagedProducts, { place: "register" }),
  PRODUCT_MANAGE: () => h(ManagedProducts, { place: "manage" }),
  MARKET_SETTING: MarketSettings,
};

function Home() {
  const [me, setMe] = useState(null);
  const [place, setPlace] = useState("HOME");
  useEffect(() => { call("GET", "/me").then((answer) => { setMe(answer); startChat(); }); }, []);
  useEffect(() => {
    if (option.news === "none") return;
    const timer = setInterval(() => fetch("/api/news"), 400);
    return () => clearInterval(timer);
  }, []);
  if (!me) return h(antd.Spin, { fullscreen: true });

  return h(antd.Layout, { style: { minHeight: "100%" } },
    h(antd.Layout.Sider, { theme: "light", width: 220 },
      h(antd.Menu, {
        mode: "inline", items: MENU, selectedKeys: [place], onClick: ({ key }) => setPlace(key),
        defaultOpenKeys: option.menu === "expanded" ? PARENTS : [],
      })),
    h(antd.Layout, null,
      h(antd.Layout.Header, { style: { background: "#fff", textAlign: "right" } },
        h(antd.Typography.Text, { strong: true }, me.name), " ", h(antd.Typography.Text, { type: "secondary" }, me.email)),
      h(antd.Layout.Content, null, PAGES[place] ? h(PAGES[place], { key: place }) : h("h2", { style: { padding: 24 } }, place))),
    h(Popups));
}

function App() {
  const [path, setPath] = useState(window.location.pathname);
  useEffect(() => {
    const follow = () => setPath(window.location.pathname);
    window.addEventListener("popstate", follow);
    return () => window.removeEventListener("popstate", follow);
  }, []);
  useEffect(() => {
    if (path === "/signin" && tokens.read()) goTo("/");
    if (path !== "/signin" && !tokens.read()) goTo("/signin");
  }, [path]);
  return h(antd.ConfigProvider, { locale: antd.locales.ko_KR }, path === "/signin" ? h(SignIn) : h(Home));
}

ReactDOM.createRoot(document.getElementById("root")).render(h(App));
