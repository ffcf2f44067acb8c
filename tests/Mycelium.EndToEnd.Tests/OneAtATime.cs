// Each class runs a dozen processes and asks about time-outs: beside another on two cores it would measure the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
