"""The service.

Importing anything of it first wires the relations between all models: schemas are generated from models at import
time, and a schema made before its relations are known silently lacks the foreign keys.
"""

from app.features import MODEL_MODULES, MODELS_APP
from tortoise_kit.models import wire_models

wire_models(MODEL_MODULES, MODELS_APP)
