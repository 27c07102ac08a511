"""SQLAlchemy 2.1 async as its docs show: a session for each request, relations by `selectinload`.

The pool is tuned: as large as the service's and no larger, and no ping before each use.
"""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException, Query, status
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import selectinload

from benchmarks.compare.twins.login import Form, UserId, check_staff, new_login, pair
from benchmarks.compare.twins.pool import DATABASE_URL, POOL_SIZE
from benchmarks.compare.twins.schemas import (
    OrderCreate,
    OrderRead,
    OrderWithEvents,
    Page,
    ProductFilters,
    ProductPatch,
    ProductRead,
    TokenPair,
)
from benchmarks.compare.twins.sqlalchemy_models import Event, Item, Order, Product, RefreshToken, Tag, User


def create_app() -> FastAPI:
    """The twin, on the database of the environment."""
    url = f"postgresql+asyncpg://{DATABASE_URL.partition('://')[2]}"
    engine = create_async_engine(url, pool_size=POOL_SIZE, max_overflow=0)
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None]:
        yield
        await engine.dispose()

    async def new_session() -> AsyncGenerator[Any]:
        async with sessions() as session:
            yield session

    session_of = Depends(new_session)

    async def staff(number: UserId, session: Annotated[AsyncSession, session_of]) -> Any:
        user = await session.get(User, number)
        check_staff(user and user.role, active=user and user.is_active)
        return user

    app = FastAPI(lifespan=lifespan)

    _add_reads(app, session_of, staff)
    _add_changes(app, session_of, staff)
    _add_inserts(app, session_of, staff)
    return app


def _add_reads(app: FastAPI, session_of: Any, staff: Any) -> None:
    @app.get("/api/v1/orders", response_model=Page[OrderRead], dependencies=[Depends(staff)])
    async def list_orders(
        wanted: Annotated[str, Query(alias="status")],
        session: Annotated[AsyncSession, session_of],
        limit: Annotated[int, Query(ge=1, le=100)] = 50,
    ) -> Any:
        query = select(Order).where(Order.status == wanted).options(selectinload(Order.items))
        found = await session.scalars(query.order_by(Order.created_at.desc(), Order.id.desc()).limit(limit))
        return {"items": found.all()}

    @app.get("/api/v1/products", response_model=Page[ProductRead])
    async def list_products(
        session: Annotated[AsyncSession, session_of], filters: Annotated[ProductFilters, Query()]
    ) -> Any:
        query = _filtered(filters).options(selectinload(Product.tags))
        found = await session.scalars(query.order_by(Product.created_at.desc(), Product.id.desc()).limit(filters.limit))
        return {"items": found.all()}

    @app.get("/api/v1/products/{product_id}", response_model=ProductRead)
    async def read_product(product_id: int, session: Annotated[AsyncSession, session_of]) -> Any:
        product = await session.get(Product, product_id, options=[selectinload(Product.tags)])
        if product is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return product

    @app.get("/api/v1/orders/{order_id}", response_model=OrderWithEvents, dependencies=[Depends(staff)])
    async def read_order(order_id: int, session: Annotated[AsyncSession, session_of]) -> Any:
        options = [selectinload(Order.items), selectinload(Order.events)]
        order = await session.get(Order, order_id, options=options)
        if order is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        return order


def _add_changes(app: FastAPI, session_of: Any, staff: Any) -> None:
    @app.patch("/api/v1/products/{product_id}", response_model=ProductRead, dependencies=[Depends(staff)])
    async def change_product(product_id: int, patch: ProductPatch, session: Annotated[AsyncSession, session_of]) -> Any:
        product = await session.get(
            Product, product_id, options=[selectinload(Product.tags)], with_for_update={"of": Product}
        )
        if product is None:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        product.price, product.updated_at = patch.price, datetime.now(UTC)
        await session.commit()
        return product

    @app.delete("/api/v1/products/{product_id}", status_code=status.HTTP_204_NO_CONTENT, dependencies=[Depends(staff)])
    async def delete_product(product_id: int, session: Annotated[AsyncSession, session_of]) -> None:
        deleted = await session.execute(delete(Product).where(Product.id == product_id))
        if not deleted.rowcount:
            raise HTTPException(status.HTTP_404_NOT_FOUND)
        await session.commit()


def _add_inserts(app: FastAPI, session_of: Any, staff: Any) -> None:
    @app.post("/api/v1/auth/token", response_model=TokenPair)
    async def log_in(form: Form, session: Annotated[AsyncSession, session_of]) -> Any:
        user = await session.scalar(select(User).where(User.email == form.username))
        await session.commit()  # no connection is held while the password is hashed
        login = await new_login(form.password, user and user.password_hash, active=user and user.is_active)
        expired = (RefreshToken.user_id == user.id, RefreshToken.expires_at < datetime.now(UTC))
        await session.execute(delete(RefreshToken).where(*expired))
        session.add(
            RefreshToken(user_id=user.id, token_hash=login.token_hash, family=login.family, expires_at=login.expires_at)
        )
        await session.commit()
        return pair(login, user.id, user.token_generation)

    @app.post("/api/v1/orders", status_code=status.HTTP_201_CREATED, response_model=OrderWithEvents)
    async def place_order(
        new: OrderCreate, user: Annotated[Any, Depends(staff)], session: Annotated[AsyncSession, session_of]
    ) -> Any:
        order = await _placed(session, new, user.id)
        await session.commit()
        return order


def _filtered(filters: ProductFilters) -> Any:
    query = select(Product)
    if filters.tag is not None:
        query = query.where(Product.tags.any(Tag.name == filters.tag))
    if filters.price_min is not None:
        query = query.where(Product.price >= filters.price_min)
    if filters.price_max is not None:
        query = query.where(Product.price <= filters.price_max)
    if filters.available is not None:
        query = query.where(Product.stock > 0 if filters.available else Product.stock == 0)
    return query


async def _placed(session: Any, new: OrderCreate, customer_id: int) -> Order:
    wanted = {item.product_id: item.quantity for item in new.items}
    locked = select(Product).where(Product.id.in_(wanted)).order_by(Product.id).with_for_update()
    products = (await session.scalars(locked)).all()
    if len(products) < len(wanted):
        raise HTTPException(status.HTTP_422_UNPROCESSABLE_CONTENT)
    for product in products:
        if product.stock < wanted[product.id]:
            raise HTTPException(status.HTTP_409_CONFLICT)
        product.stock -= wanted[product.id]
    items = [
        Item(product_id=each.id, product_name=each.name, quantity=wanted[each.id], unit_price=each.price)
        for each in products
    ]
    total = sum(item.unit_price * item.quantity for item in items)
    order = Order(customer_id=customer_id, total=total, items=items, events=[Event(kind="placed", user_id=customer_id)])
    session.add(order)
    await session.flush()
    return order
