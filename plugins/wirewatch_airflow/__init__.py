"""The bridge between Airflow and the pipeline: the stage operator, and the Coverage page."""
