-- Words of this release. Rentals of the previous release keep theirs: 'Expired' is a rental whose term or grace ended.
ALTER DOMAIN rental_status DROP CONSTRAINT IF EXISTS rental_status_check;
ALTER DOMAIN rental_status ADD CONSTRAINT rental_status_check
    CHECK (VALUE IN ('Provisioning', 'Active', 'Grace', 'Cancelled', 'Expired', 'Failed')) NOT VALID;
ALTER DOMAIN rental_end_reason DROP CONSTRAINT IF EXISTS rental_end_reason_check;
ALTER DOMAIN rental_end_reason ADD CONSTRAINT rental_end_reason_check CHECK (VALUE IN (
    'CancelledByRenter', 'TermEnded', 'GraceEnded', 'CancelledByFarmer', 'CancelledByOperator', 'ProvisioningFailed', 'Moved', 'HostEnded')) NOT VALID;

ALTER DOMAIN ledger_account_kind DROP CONSTRAINT IF EXISTS ledger_account_kind_check;
ALTER DOMAIN ledger_account_kind ADD CONSTRAINT ledger_account_kind_check
    CHECK (VALUE IN ('ExternalCash', 'Wallet', 'Escrow', 'Earnings', 'PlatformFees', 'Debt', 'Payouts')) NOT VALID;
ALTER DOMAIN ledger_entry_kind DROP CONSTRAINT IF EXISTS ledger_entry_kind_check;
ALTER DOMAIN ledger_entry_kind ADD CONSTRAINT ledger_entry_kind_check
    CHECK (VALUE IN (
        'Deposit', 'RentalCharge', 'RentalRefund', 'RentalSettlement', 'Earnings', 'EarningsSettlement', 'PaymentReceived', 'PaymentTakenBack', 'PaymentReinstated',
        'DebtPaid', 'WithdrawalRequested', 'WithdrawalSettled', 'WithdrawalReturned', 'Penalty', 'MeteredCharge', 'NameCharge')) NOT VALID;

ALTER DOMAIN event_reason DROP CONSTRAINT IF EXISTS event_reason_check;
ALTER DOMAIN event_reason ADD CONSTRAINT event_reason_check CHECK (VALUE IN (
    'NodeDiscovered', 'NodeRegistered', 'NodePublished', 'NodeUnpublished', 'NodeRepriced', 'SlicesRented', 'SlicesReleased', 'SlicesReserved', 'NodeVanished', 'NodeReturned',
    'NodeOvercommitted', 'NodeNoLongerOvercommitted', 'NodeStatusChanged', 'NodeCapacityChanged', 'NodeObserved', 'NodeLostFarmer', 'FarmChanged', 'FarmOwnerChanged',
    'RentalStarted', 'RentalActivated', 'RentalExtended', 'RentalRenewed', 'RenewalRefunded', 'RentalAutoRenewSet', 'RentalRenamed', 'RentalEnteredGrace',
    'RentalCancelled', 'RentalMoved', 'RentalExpired', 'RentalFailed', 'RentalResumed', 'RentalSpendingLimitSet')) NOT VALID;

ALTER DOMAIN audit_action DROP CONSTRAINT IF EXISTS audit_action_check;
ALTER DOMAIN audit_action ADD CONSTRAINT audit_action_check CHECK (VALUE IN (
    'FundsDeposited', 'FarmerTwinLinked', 'FarmerTwinUnlinked', 'PartnerGranted', 'PartnerRevoked', 'OperatorGranted', 'OperatorRevoked', 'GridShrinkConfirmed',
    'FarmOwnerChanged', 'AccountLocked', 'AccountUnlocked', 'SecondFactorRemoved', 'AccountClosed', 'KeysRevoked', 'RentalEnded',
    'WithdrawalApproved', 'WithdrawalRefused')) NOT VALID;
ALTER TABLE audit_entries DROP CONSTRAINT IF EXISTS audit_entries_subject_check;
ALTER TABLE audit_entries ADD CONSTRAINT audit_entries_subject_check CHECK (subject IN ('Account', 'FarmerTwin', 'Farm', 'Grid', 'KeyRing', 'Rental', 'Withdrawal')) NOT VALID;
