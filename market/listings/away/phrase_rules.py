"""Words that lead away from the market: accounts of messengers, addresses, links, and paying past it. Pure.

Each entry is a pattern over the reading of letters (or the tight one). What is told of the thing itself ("does WeChat run on
it?") and of paying face to face ("WeChat is fine when we meet") is left alone; so is advice against it ("don't pay outside")."""

import re
from collections.abc import Iterator

_MODEL = (
    r"(?:iphone|ipad|macbook|galaxy|huawei|xiaomi|redmi|honor|oppo|vivo|android)[0-9]{0,2}"
    r"(?:pro|max|plus|mini|ultra|air|se|x[rs]?)*"
)
_ID = rf"(?!{_MODEL}(?![a-z0-9_\-]))[a-z][a-z0-9_\-]{{5,19}}"
_NUMBER = r"[1-9][0-9零一二三四五六七八九]{4,11}"
_WECHAT_ITSELF = r"(?:[微薇威维徽嶶徵葳][信言]|v信|绿泡泡|weixin|we ?chat|vx|wx|v❤|v芯)"
_WECHAT = rf"(?:{_WECHAT_ITSELF}|卫星)"
_OTHERS = r"(?:whats ?app|telegram|signal|skype|instagram|snapchat|kakao(?:talk)?|messenger|line|facebook)"
_SERVICE = rf"(?:wechat|we chat|weixin|qq|{_OTHERS})"
_ON = r"(?:on|at|via|through|by|over)?"
_QQ = r"(?:qq|扣扣|企鹅|球球)"
_ADD = r"(?:加|\+|添加|留|扫|搜|换|私)"
_NOT_USED = r"(?!.{0,3}(?:退|登|注销|清|删|解绑|还在|还没|能不能|能用|版|浏览器|支付|付款|运动|读书|小程序|双开))"

ACCOUNT = tuple(
    re.compile(one)
    for one in (
        rf"{_ADD}(?:个|我|一下|你|您|下|的|他|她|卖家|好友|我的)?\s*(?:{_WECHAT}|{_QQ})(?!版)",
        rf"(?<![a-z0-9]){_ADD}(?:个|我|一下|你|您|下|我的)?\s*[v微薇威维](?![a-z0-9版米型距波领信\d])",
        rf"{_ADD}(?:个|我|一下|你|您|下|我的)?\s*q\s*[:：]?\s*{_NUMBER}",
        rf"{_WECHAT}\s*(?:号|id|账号|帐号)?\s*[:：是为=、,.]?\s*(?:is)?\s*(?<![a-z0-9])(?:{_ID}|1[3-9]\d{{9}}|\d{{6,11}})(?![a-z0-9])",
        rf"{_WECHAT_ITSELF}号{_NOT_USED}",
        rf"{_WECHAT_ITSELF}(?:上)?(?:发我|发给我|给我发|联系(?!人)|聊(?!天)|找我|私我|滴我|说吧)",
        r"(?:[微薇威维]信|v信|vx|wx)\s*(?:同|就是)(?:号|手机|电话|上)?",
        rf"(?:发|给|告诉|说|留|换)(?:我|你|您|个|下|一下)?(?:你|您|我)?的?{_WECHAT}(?!支付|付|红包|转|截|收|零钱)",
        rf"(?<![a-z0-9])(?:v|w|wx|vx|vv)\s*[:：]\s*(?=[a-z0-9_\-]*[0-9_]){_ID}",
        rf"(?<![a-z0-9]){_QQ}\s*(?:号|号码|群)?\s*[:：是为]?\s*(?:is)?\s*{_NUMBER}",
        rf"企鹅号|扣扣号|(?:加|进|入)群\s*[:：]?\s*{_NUMBER}|(?<![a-z0-9])q\s*[:：]\s*{_NUMBER}",
        r"(?:支付宝|alipay)(?:的)?\s*(?:账号|帐号|账户|帐户|号|account|id)\s*(?:是|为|[:：]|is)?\s*[a-z0-9][a-z0-9_.@\-]{4,}",
        rf"(?:add|find|message|text|reach|contact|dm|hit)\s+(?:me|us)\b.{{0,12}}?\b{_ON}\s*(?:my\s+)?{_SERVICE}\b",
        rf"{_SERVICE}\s+me\b",
        rf"\bmy\s+(?:vx|{_SERVICE})\b(?!\s+(?:pay|won|does|doesn|still|app\b|was|login))",
        rf"\b{_SERVICE}\s*(?:id|account|number|handle)\s*(?:is|[:：=])?\s*@?[a-z0-9][a-z0-9_.\-]{{3,}}",
        rf"\b{_OTHERS}\s*[:：]?\s*@[a-z0-9_]{{4,}}",
        rf"\b(?:talk|chat|continue|speak|move|write)\b.{{0,15}}\b(?:on|via|to|over)\s+{_SERVICE}\b",
    )
)

_TLD = (
    r"(?:com|cn|net|org|cc|me|io|top|xyz|shop|vip|link|site|club|info|biz|co|app|ly|gg|tv|store|online|ink|fun|im|us|uk|example)"
)
_MAILS = r"(?:gmail|outlook|hotmail|yahoo|icloud|foxmail|qq|163|126|sina|sohu|live|proton(?:mail)?|aliyun|139|189)"
EMAIL = tuple(
    re.compile(one)
    for one in (
        r"[a-z0-9][a-z0-9._%+\-]{0,63}\s{0,2}@\s{0,2}(?:[a-z0-9\-]{1,63}\s?[.。]\s?){1,4}[a-z]{2,24}(?![a-z0-9])",
        rf"[a-z0-9][a-z0-9._\-]{{2,63}}\s*(?:#|\[at\]|\(at\)|\{{at\}}|艾特|圈a|小老鼠)\s*[a-z0-9\-]{{2,63}}\s*(?:\.|。|点|\(dot\)|\[dot\]|\bdot\b)\s*{_TLD}(?![a-z0-9])",
        rf"[a-z0-9][a-z0-9._\-]{{2,63}}\s+at\s+(?:[a-z0-9\-]{{2,63}}\s+dot\s+{_TLD}|{_MAILS}\s*(?:\.|\bdot\b)\s*{_TLD})(?![a-z0-9])",
        rf"[a-z0-9][a-z0-9._\-]{{2,63}}\s*(?:在|的)?\s*{_MAILS}\s*(?:邮箱|邮件)",
    )
)
_NO_SITE = r"(?!(?:asp|vb|ado|ml|paint)\.net(?![a-z]))"
LINK = tuple(
    re.compile(one)
    for one in (
        r"h(?:tt|xx)ps?\s?[:：]\s?//\s?[^\s\u3000-\u9fff]+",
        r"(?<![a-z0-9])www\s?[.。]\s?[a-z0-9][^\s\u3000-\u9fff]*",
        rf"(?<![a-z0-9@.\-]){_NO_SITE}(?:[a-z0-9\-]{{1,63}}\.){{0,8}}[a-z0-9\-]{{2,63}}\.{_TLD}(?![a-z0-9\-])(?:/[^\s\u3000-\u9fff]*)?",
        rf"(?<![a-z0-9@.\-])[a-z0-9]{{1,2}}\.{_TLD}/[a-z0-9]{{4,}}",
        r"([¥$€₤£])(?=[a-z0-9]*[a-z])[a-z0-9]{8,14}\s?\1",
    )
)

_APPS = r"(?:咸鱼|闲鱼|淘宝|转转|微店|拼多多|京东|抖音|小红书|快手)"
_WAYS = r"(?:[微薇威维]信|v信|vx|wx|支付宝|alipay|wechat|银行卡|网银|云闪付|数字人民币|对公|私人账户)"
ELSEWHERE = tuple(
    re.compile(one)
    for one in (
        r"线下(?!见|面|当面|看|验|自提|交货|门店|店|实体)(?:付|转|打款|支付|结算|结账|给钱|交易|收款|汇)",
        r"(?:私下|私底下|私聊|私信|私)(?:里|来|谈)?(?:交易|付|转账?|打款|结算|成交|给钱)",
        r"(?:直接|先|立刻|马上|现在|尽快)(?:把钱|钱|给我|付款)?\s*(?:转账|转钱|转款|打钱|打款|汇款|转我|转给我|打我|付给我|汇给我)",
        r"先(?:转|付|打|交|给|汇)(?:我|点|个|一点|部分|一半|些)?(?:定金|订金|押金|保证金|诚意金|意向金)",
        r"(?:定金|订金|押金|保证金|诚意金)(?:先)?(?:转|打|汇|付)(?:我|给我|过来|到)",
        rf"{_WAYS}\s*(?:里|上|直接|先|给我|把钱)?\s*(?:转账给?我?|转我|转给我|转过来|转钱|打我|打给我|付我|汇给我|转到)",
        r"(?:转账|打款|汇款)(?:给我|过来|到我|便宜|省|优惠|更快)|(?:打|汇|转)到(?:我的?)?(?:这张|这个|我)?(?:卡|账户|帐户|账号|银行卡)",
        r"(?:发|给|推)(?:你|您|我|个|一下|过来)*(?:的)?(?:收款|付款|支付|二维)码(?!截图)|收款码(?:发|给|推)(?:你|您|我)",
        r"(?:发|塞|给|转)(?:我|个|点|来)*\s*(?:\d+|[一二三四五六七八九十百]+)?(?:元|块)?(?:的)?(?:红包|口令红包)(?!封面)",
        r"(?:绕过|绕开|避开|跳过|脱离|甩开|不走|不用|不通过|别走|不要走|别用)(?:这个|这|本|咱们?|你们?)?(?:平台|循市|网站|app|系统)(?!的?(?:照片|图|名字))",
        r"(?:平台|站|循市|网站|app)(?:之)?外(?:面)?(?:交易|付|转|谈|成交|支付|打款|结算)|站外(?:交易|付|转|联系)",
        r"(?:省|免|逃|避|躲)(?:下|掉|去|开|了)?(?:平台)?(?:的)?(?:手续费|服务费|佣金|抽成)",
        rf"(?:走|去|到|上|来|换|转到){_APPS}(?:外|上|里|那边|平台)?(?:吧|拍|下单|交易|付|买单|成交|谈|链接)",
        rf"{_APPS}(?:外|上|链接)(?:交易|拍|付|下单|发你)",
        r"(?:比特币|泰达币|虚拟币|虚拟货币|礼品卡|购物卡|京东e卡|点卡|q币)(?:付|支付|也行|可以|转|交易|抵)",
        r"\b(?:off|outside|out\s+of|away\s+from|without)\s+(?:of\s+)?(?:the\s+|this\s+|your\s+)?(?:platform|app|site|website|market(?:place)?|xunshi|system)\b",
        r"\b(?:avoid|skip|save|dodge|escape|get\s+around|no)\s+(?:on\s+)?(?:the\s+|their\s+|any\s+|all\s+)?(?:platform(?:'s)?\s+|service\s+|market\s+)?(?:fees?|commission)\b",
        r"\b(?:pay\s?pal|zelle|venmo|cash\s?app|western\s+union|money\s?gram|revolut|friends\s+and\s+family|usdt|bitcoin|btc|crypto(?:currency)?|gift\s?cards?)\b",
        r"\b(?:bank|wire|money)\s+transfer\s+(?:me|directly|first|to\s+me|to\s+my)\b|\b(?:wire|transfer|send)\s+(?:me\s+)?(?:the\s+|a\s+|some\s+|your\s+)?(?:money|deposit|cash|payment|bank\s+transfer)\b",
        r"\bpay\s+(?:me\s+)?(?:directly|privately|up\s?front|in\s+advance)\b|\bsend\s+(?:the\s+)?(?:money|payment)\s+to\s+my\b",
    )
)
# advice and questions the other way round: what is spoken against isn't proposed
_AGAINST = re.compile(
    r"(?:(?<!要)不要|别|请?勿|(?<!能)不能|(?<!会)不会|(?<!可)不可|(?<!可)不可以|不接受|不支持|拒绝|谢绝|禁止|不做|(?<!要)(?<!何)不|没有|无法|不得|从不|避免)"
    r"\s*(?:再|去|跟|和|在|用|给|任何|我|你)?\s*$"
    r"|(?:don'?t|do not|doesn'?t|never|won'?t|cannot|can'?t|refuse(?: to)?)\s+(?:\w+\s+){0,3}$"
    r"|(?<!why )\b(?:not|no|without)\s+(?:\w+\s+)?$"
)


def found(patterns: tuple[re.Pattern[str], ...], text: str) -> Iterator[tuple[int, int]]:
    for pattern in patterns:
        for match in pattern.finditer(text):
            yield match.span()


def spoken_against(text: str, start: int) -> bool:
    """Is what begins here refused by the words just before it?"""
    return bool(_AGAINST.search(text[max(0, start - 28) : start]))
