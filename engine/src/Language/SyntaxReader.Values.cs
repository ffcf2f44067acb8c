namespace Mycelium.GraphQL.Engine.Language;

internal ref partial struct SyntaxReader
{
    /// <summary><see href="https://spec.graphql.org/September2025/#Value"/>; a constant contains no variable at any depth.</summary>
    public ValueNode ReadValue(bool isConstant)
    {
        SyntaxToken start = token;
        switch (token.Kind)
        {
            case TokenKind.BracketLeft:
                return ReadList(isConstant);
            case TokenKind.BraceLeft:
                return ReadObject(isConstant);
            case TokenKind.Int:
                return new IntValueNode(Consume(out string digits), digits);
            case TokenKind.Float:
                return new FloatValueNode(Consume(out string number), number);
            case TokenKind.String or TokenKind.BlockString:
                string value = StringValue();
                Advance();
                return new StringValueNode(From(start), value, start.Kind == TokenKind.BlockString);
            case TokenKind.Name:
                return ReadKeywordOrEnum();
            case TokenKind.Dollar when !isConstant:
                return ReadVariable();
            case TokenKind.Dollar:
                throw Error("a variable is not allowed in a constant value");
            default:
                throw Unexpected();
        }
    }

    private ValueNode ReadKeywordOrEnum()
    {
        SyntaxToken start = token;
        switch (Text)
        {
            case "true" or "false":
                bool isTrue = Text[0] == 't';
                Advance();
                return new BooleanValueNode(From(start), isTrue);
            case "null":
                Advance();
                return new NullValueNode(From(start));
            default:
                return new EnumValueNode(Consume(out string name), name);
        }
    }

    private VariableNode ReadVariable()
    {
        SyntaxToken start = token;
        Expect(TokenKind.Dollar);
        string name = ReadName();
        return new VariableNode(From(start), name);
    }

    private ListValueNode ReadList(bool isConstant)
    {
        SyntaxToken start = token;
        Enter();
        Advance();
        int mark = pending.Count;
        while (!Skip(TokenKind.BracketRight))
            pending.Push(ReadValue(isConstant));
        Leave();
        return new ListValueNode(From(start), pending.TakeFrom<ValueNode>(mark));
    }

    private ObjectValueNode ReadObject(bool isConstant)
    {
        SyntaxToken start = token;
        Enter();
        Advance();
        int mark = pending.Count;
        while (!Skip(TokenKind.BraceRight))
        {
            SyntaxToken fieldStart = token;
            string name = ReadName();
            Expect(TokenKind.Colon);
            ValueNode value = ReadValue(isConstant);
            pending.Push(new ObjectFieldNode(From(fieldStart), name, value));
        }
        Leave();
        return new ObjectValueNode(From(start), pending.TakeFrom<ObjectFieldNode>(mark));
    }

    /// <summary><see href="https://spec.graphql.org/September2025/#Type"/></summary>
    public TypeNode ReadType()
    {
        SyntaxToken start = token;
        TypeNode type;
        if (Peek(TokenKind.BracketLeft))
        {
            Enter();
            Advance();
            TypeNode item = ReadType();
            Expect(TokenKind.BracketRight);
            Leave();
            type = new ListTypeNode(From(start), item);
        }
        else
            type = ReadNamedType();
        return Skip(TokenKind.Bang) ? new NonNullTypeNode(From(start), type) : type;
    }

    private NamedTypeNode ReadNamedType()
    {
        SyntaxToken start = token;
        string name = ReadName();
        return new NamedTypeNode(From(start), name);
    }

    private SourceSpan Consume(out string text)
    {
        SyntaxToken start = token;
        text = Text.ToString();
        Advance();
        return From(start);
    }

    private readonly string StringValue() => token switch
    {
        { Kind: TokenKind.BlockString } => BlockString.Decode(source[(token.Start + 3)..(token.End - 3)], token.HasEscapes),
        { HasEscapes: true } => StringEscape.Decode(source[(token.Start + 1)..(token.End - 1)]),
        _ => source[(token.Start + 1)..(token.End - 1)].ToString(),
    };

    private string? ReadOptionalDescription()
    {
        if (token.Kind is not (TokenKind.String or TokenKind.BlockString))
            return null;
        string description = StringValue();
        Advance();
        return description;
    }
}
