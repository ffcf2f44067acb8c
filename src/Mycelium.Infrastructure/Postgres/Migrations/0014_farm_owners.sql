-- A farm whose grid names a twin that nobody has linked keeps its owner by the twin that is linked: this one. Null everywhere else.
ALTER TABLE farms ADD COLUMN kept_by_twin_id bigint;
CREATE INDEX farms_kept ON farms (grid_number, kept_by_twin_id) WHERE kept_by_twin_id IS NOT NULL;

ALTER DOMAIN event_reason DROP CONSTRAINT event_reason_check;
ALTER DOMAIN event_reason ADD CONSTRAINT event_reason_check CHECK (VALUE IN (
    'NodeDiscovered', 'NodeRegistered', 'NodePublished', 'NodeUnpublished', 'NodeRepriced', 'SlicesRented', 'SlicesReleased', 'NodeVanished', 'NodeReturned',
    'NodeOvercommitted', 'NodeNoLongerOvercommitted', 'NodeStatusChanged', 'NodeCapacityChanged', 'NodeObserved', 'NodeLostFarmer', 'FarmChanged', 'FarmOwnerChanged',
    'RentalStarted', 'RentalCancelled', 'RentalExpired')) NOT VALID;
