"""What each call of the page does to the account's store."""

import asyncio
from dataclasses import asdict

from starlette.requests import Request

from tests.antd_site.api import Api, Call
from tests.antd_site.store import Question, Store
from tests.antd_site.world import summary


async def me(_api: Api, _request: Request, store: Store, _sign_in: int) -> object:
    email = store.account.faults.shown_email or store.account.email
    return {"email": email, "name": "홍길동"}


async def groups(api: Api, _request: Request, _store: Store, _sign_in: int) -> object:
    return api.groups()


async def products(_api: Api, request: Request, store: Store, _sign_in: int) -> object:
    asked = request.query_params
    page, size = int(asked.get("page", 1)), int(asked.get("size", 20))
    question = Question(
        place=asked["place"],
        group=asked.get("group"),
        keyword=asked.get("keyword", ""),
        status=asked.get("status", ""),
        markets=tuple(filter(None, asked.get("markets", "").split(","))),
    )
    rows = store.listed(question)
    shown = rows[(page - 1) * size : page * size]
    return {"total": len(rows), "items": [summary(row) for row in shown]}


async def product(_api: Api, request: Request, store: Store, _sign_in: int) -> object:
    return asdict(store.find(request.path_params["id"]))


async def edit(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    return asdict(store.edit(sign_in, request.path_params["id"], await request.json()))


async def delete(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    store.delete(sign_in, request.path_params["id"])
    return {}


async def copy(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    return asdict(store.copy(sign_in, request.path_params["id"]))


async def refine_options(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    named = await request.json()
    await asyncio.sleep(store.options.image_translation_s)
    return asdict(
        store.refine_options(sign_in, request.path_params["id"], named["from"], named["to"])
    )


async def translate_image(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    image = (await request.json())["image"]
    await asyncio.sleep(store.options.image_translation_s)
    return {"image": store.translate_image(sign_in, request.path_params["id"], image)}


async def upload_url(_api: Api, _request: Request, _store: Store, _sign_in: int) -> object:
    return {"path": "/storage/edited.png"}


async def move(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    asked = await request.json()
    store.move(sign_in, asked["ids"], asked["group"])
    return {}


async def quota(_api: Api, _request: Request, store: Store, _sign_in: int) -> object:
    return {"left": store.translation.quota}


async def translate(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    return store.translation.start(sign_in, (await request.json())["ids"])


async def translation(_api: Api, _request: Request, store: Store, _sign_in: int) -> object:
    return store.translation.state()


async def upload(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    asked = await request.json()
    return store.upload.start(sign_in, asked["ids"], asked["markets"])


async def upload_state(_api: Api, _request: Request, store: Store, _sign_in: int) -> object:
    return store.upload.state()


async def upload_abort(_api: Api, _request: Request, store: Store, sign_in: int) -> object:
    return store.upload.abort(sign_in)


async def bulk_delete(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    asked = await request.json()
    store.bulk_delete(sign_in, asked["ids"], asked["how"], asked["markets"])
    return {}


async def markets(_api: Api, _request: Request, store: Store, _sign_in: int) -> object:
    return store.markets.all()


async def market_disconnect(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    return store.markets.disconnect(sign_in, request.path_params["key"])


async def market_verify(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    values = await request.json()
    await asyncio.sleep(store.options.verification_s)
    return store.markets.verify(sign_in, request.path_params["key"], values)


async def market_profile(_api: Api, request: Request, store: Store, sign_in: int) -> object:
    carrier = (await request.json())["carrier"]
    return store.markets.add_profile(sign_in, request.path_params["key"], carrier)


CALLS: tuple[tuple[str, str, Call], ...] = (
    ("GET", "/me", me),
    ("GET", "/groups", groups),
    ("GET", "/products", products),
    ("GET", "/products/{id}", product),
    ("PATCH", "/products/{id}", edit),
    ("DELETE", "/products/{id}", delete),
    ("POST", "/products/{id}/copy", copy),
    ("POST", "/products/{id}/options", refine_options),
    ("POST", "/products/{id}/image", translate_image),
    ("POST", "/products/{id}/upload-url", upload_url),
    ("POST", "/group", move),
    ("GET", "/quota", quota),
    ("POST", "/translation", translate),
    ("GET", "/translation", translation),
    ("POST", "/upload", upload),
    ("GET", "/upload", upload_state),
    ("DELETE", "/upload", upload_abort),
    ("POST", "/delete", bulk_delete),
    ("GET", "/markets", markets),
    ("POST", "/markets/{key}/disconnect", market_disconnect),
    ("POST", "/markets/{key}/verify", market_verify),
    ("POST", "/markets/{key}/profile", market_profile),
)
