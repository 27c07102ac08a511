"""Routes of the catalog."""

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
from tortoise_kit.pagination import PageRequest, created_response, item_response, page_schema, paging
from tortoise_kit.schemas import Id

router = Router(tags=["catalog"])
CategoryPage = Annotated[PageRequest, Depends(paging(Category, "-created_at", "name"))]
ProductPage = Annotated[PageRequest, Depends(paging(Product, "-created_at", "name", "price"))]
CategoryId = Annotated[Id, Path(description="The category's id.")]
ProductId = Annotated[Id, Path(description="The product's id.")]


@router.get("/products", response_model=page_schema(ProductRead))
async def list_products(_: Public, page: ProductPage, filters: Annotated[ProductFilters, Query()]) -> Response:
    """List products that match all filters."""
    return await page.respond(await queries.products(filters), ProductRead)


@router.post("/products", status_code=status.HTTP_201_CREATED, response_model=ProductRead)
async def create_product(_: Staff, new: ProductCreate, request: Request) -> Response:
    """Create a product. Tags that do not exist yet are created too."""
    product = await service.create_product(new)
    return created_response(request, product, ProductRead, "read_product", product_id=product.id)


@router.get("/products/{product_id}", response_model=ProductRead)
async def read_product(_: Public, product_id: ProductId) -> Response:
    """Get a product."""
    return await item_response(Product.filter(id=product_id), ProductRead, missing=service.MISSING)


@router.patch("/products/{product_id}")
async def change_product(_: Staff, product_id: ProductId, patch: ProductPatch) -> ProductRead:
    """Change the given fields of a product; the others stay as they are."""
    return ProductRead.model_validate(await service.change_product(product_id, patch))


@router.delete("/products/{product_id}", status_code=status.HTTP_204_NO_CONTENT)
async def delete_product(_: Staff, product_id: ProductId) -> None:
    """Delete a product that has never been ordered."""
    await service.delete_product(product_id)


@router.get("/categories", response_model=page_schema(CategoryRead))
async def list_categories(_: Public, page: CategoryPage) -> Response:
    """List categories."""
    return await page.respond(queries.categories(), CategoryRead)


@router.post("/categories", status_code=status.HTTP_201_CREATED)
async def create_category(_: Staff, new: CategoryCreate) -> CategoryRead:
    """Create a category. Without `parent_id` it is a root."""
    return CategoryRead.model_validate(await service.create_category(new))


@router.get("/categories/{category_id}/tree")
async def read_category_tree(_: Public, category_id: CategoryId) -> CategoryTree:
    """Get a category with everything below it: up to 2000 categories, 32 levels deep; 409 if there are more."""
    return await queries.category_tree(category_id)
