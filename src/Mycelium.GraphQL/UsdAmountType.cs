using Mycelium.GraphQL.Engine.TypeSystem;

namespace Mycelium.GraphQL;

/// <summary>The scalar for money.</summary>
public sealed class UsdAmountType() : DecimalType(
    "UsdAmount",
    "An exact amount of US dollars with up to six digits after the point. "
        + "It is written as a string such as \"0.015000\", and accepted as a string or a number.");
