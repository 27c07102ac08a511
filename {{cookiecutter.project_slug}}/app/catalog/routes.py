"""The catalog over HTTP."""

from typing import Annotated

from fastapi import Depends, Path, Query, Request, Response, status

from app.accounts.policies import Public, Staff
from app.catalog import queries, service
from app.catalog.models import Category, Product
from app.catalog.schemas import (
    CategoryCreate,
    CategoryRead,
    CategoryTree,
    ProductCreate,
    ProductFilters,
    ProductPatch,
    ProductRead,
)
from tortoise_kit.http import Router
from tortoise_kit.pagination import PageRequest, item_response, page_schema, paging
from tortoise_kit.schemas import Id

router = Router(tags=["catalog"])
CategoryPage = Annotated[PageRequest, Depends(paging(Category, "-created_at", "name"))]
ProductPage = Annotated[PageRequest, Depends(paging(Product, "-created_at", "name", "price"))]
CategoryId = Annotated[Id, Path(description="Of a category.")]
ProductId = Annotated[Id, Path(description="Of a product.")]


@router.get("/products", response_model=page_schema(ProductRead))
async def list_products(_: Public, page: ProductPage, filters: Annotated[ProductFilters, Query()]) -> Response:
    """The products that pass the filters, page by page."""
    return await page.respond(await queries.products(filters), ProductRead)


@router.post("/products", status_code=status.HTTP_201_CREATED)
async def create_product(_: Staff, new: ProductCreate, request: Request, response: Response) -> ProductRead:
    """Add a product."""
    product = await service.create_product(new)
    response.headers["Location"] = str(request.app.url_path_for("read_product", product_id=product.id))
    return ProductRead.model_validate(product)


@router.get("/products/{product_id}", response_model=ProductRead)
async def read_product(_: Public, product_id: ProductId) -> Response:
    """One product."""
    return await item_response(Product.filter(id=product_id), ProductRead, missing="There is no such product.")


@router.patch("/products/{product_id}")
async def change_product(_: Staff, product_id: ProductId, patch: ProductPatch) -> ProductRead:
    """Change some of a product."""
    return ProductRead.model_validate(await service.change_product(product_id, patch))


@router.delete("/products/{product_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_product(_: Staff, product_id: ProductId) -> None:
    """Remove a product that was never ordered."""
    await service.delete_product(product_id)


@router.get("/categories", response_model=page_schema(CategoryRead))
async def list_categories(_: Public, page: CategoryPage) -> Response:
    """All categories, page by page."""
    return await page.respond(queries.categories(), CategoryRead)


@router.post("/categories", status_code=status.HTTP_201_CREATED)
async def create_category(_: Staff, new: CategoryCreate) -> CategoryRead:
    """Add a category."""
    return CategoryRead.model_validate(await service.create_category(new))


@router.get("/categories/{category_id}/tree")
async def read_category_tree(_: Public, category_id: CategoryId) -> CategoryTree:
    """A category and all that is below it."""
    return await queries.category_tree(category_id)
