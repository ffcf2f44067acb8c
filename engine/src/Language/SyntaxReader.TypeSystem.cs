using Mycelium.GraphQL.Engine.Introspection;

namespace Mycelium.GraphQL.Engine.Language;

internal ref partial struct SyntaxReader
{
    /// <summary><see href="https://spec.graphql.org/September2025/#TypeSystemDefinitionOrExtension"/></summary>
    private TypeSystemDefinitionNode ReadTypeSystemDefinition(in SyntaxToken start, string? description)
    {
        bool isExtension = SkipKeyword("extend");
        if (!Peek(TokenKind.Name))
            throw Unexpected();
        switch (Text)
        {
            case "schema":
                return ReadSchema(start, description, isExtension);
            case "scalar":
                return ReadScalar(start, description, isExtension);
            case "type":
                return ReadObjectType(start, description, isExtension);
            case "interface":
                return ReadInterface(start, description, isExtension);
            case "union":
                return ReadUnion(start, description, isExtension);
            case "enum":
                return ReadEnum(start, description, isExtension);
            case "input":
                return ReadInputObject(start, description, isExtension);
            case "directive" when !isExtension:
                return ReadDirectiveDefinition(start, description);
            default:
                throw Unexpected();
        }
    }

    private SchemaDefinitionNode ReadSchema(in SyntaxToken start, string? description, bool isExtension)
    {
        Advance();
        DirectiveNode[] directives = ReadDirectives(isConstant: true);
        OperationTypeDefinitionNode[] operations = [];
        if (!isExtension && !Peek(TokenKind.BraceLeft))
            Expect(TokenKind.BraceLeft);
        if (Skip(TokenKind.BraceLeft))
        {
            int mark = pending.Count;
            do
            {
                SyntaxToken operationStart = token;
                OperationType operation = ReadOperationType();
                Expect(TokenKind.Colon);
                NamedTypeNode type = ReadNamedType();
                pending.Push(new OperationTypeDefinitionNode(From(operationStart), operation, type));
            }
            while (!Skip(TokenKind.BraceRight));
            operations = pending.TakeFrom<OperationTypeDefinitionNode>(mark);
        }
        RequireContent(isExtension, directives.Length + operations.Length);
        return new SchemaDefinitionNode(From(start), description, isExtension, directives, operations);
    }

    private ScalarTypeDefinitionNode ReadScalar(in SyntaxToken start, string? description, bool isExtension)
    {
        Advance();
        string name = ReadName();
        DirectiveNode[] directives = ReadDirectives(isConstant: true);
        RequireContent(isExtension, directives.Length);
        return new ScalarTypeDefinitionNode(From(start), description, isExtension, name, directives);
    }

    private ObjectTypeDefinitionNode ReadObjectType(in SyntaxToken start, string? description, bool isExtension)
    {
        Advance();
        string name = ReadName();
        NamedTypeNode[] interfaces = ReadImplementedInterfaces();
        DirectiveNode[] directives = ReadDirectives(isConstant: true);
        FieldDefinitionNode[] fields = ReadFieldDefinitions();
        RequireContent(isExtension, interfaces.Length + directives.Length + fields.Length);
        return new ObjectTypeDefinitionNode(From(start), description, isExtension, name, interfaces, directives, fields);
    }

    private InterfaceTypeDefinitionNode ReadInterface(in SyntaxToken start, string? description, bool isExtension)
    {
        Advance();
        string name = ReadName();
        NamedTypeNode[] interfaces = ReadImplementedInterfaces();
        DirectiveNode[] directives = ReadDirectives(isConstant: true);
        FieldDefinitionNode[] fields = ReadFieldDefinitions();
        RequireContent(isExtension, interfaces.Length + directives.Length + fields.Length);
        return new InterfaceTypeDefinitionNode(From(start), description, isExtension, name, interfaces, directives, fields);
    }

    private UnionTypeDefinitionNode ReadUnion(in SyntaxToken start, string? description, bool isExtension)
    {
        Advance();
        string name = ReadName();
        DirectiveNode[] directives = ReadDirectives(isConstant: true);
        NamedTypeNode[] types = Skip(TokenKind.Equal) ? ReadNamedTypes(TokenKind.Pipe) : [];
        RequireContent(isExtension, directives.Length + types.Length);
        return new UnionTypeDefinitionNode(From(start), description, isExtension, name, directives, types);
    }

    private EnumTypeDefinitionNode ReadEnum(in SyntaxToken start, string? description, bool isExtension)
    {
        Advance();
        string name = ReadName();
        DirectiveNode[] directives = ReadDirectives(isConstant: true);
        EnumValueDefinitionNode[] values = ReadEnumValues();
        RequireContent(isExtension, directives.Length + values.Length);
        return new EnumTypeDefinitionNode(From(start), description, isExtension, name, directives, values);
    }

    private InputObjectTypeDefinitionNode ReadInputObject(in SyntaxToken start, string? description, bool isExtension)
    {
        Advance();
        string name = ReadName();
        DirectiveNode[] directives = ReadDirectives(isConstant: true);
        InputValueDefinitionNode[] fields = ReadInputValues(TokenKind.BraceLeft, TokenKind.BraceRight);
        RequireContent(isExtension, directives.Length + fields.Length);
        return new InputObjectTypeDefinitionNode(From(start), description, isExtension, name, directives, fields);
    }

    private DirectiveDefinitionNode ReadDirectiveDefinition(in SyntaxToken start, string? description)
    {
        Advance();
        Expect(TokenKind.At);
        string name = ReadName();
        InputValueDefinitionNode[] arguments = ReadInputValues(TokenKind.ParenLeft, TokenKind.ParenRight);
        bool isRepeatable = SkipKeyword("repeatable");
        ExpectKeyword("on");
        Skip(TokenKind.Pipe);
        var locations = new List<string>();
        do
        {
            if (!Peek(TokenKind.Name) || !IsDirectiveLocation(Text))
                throw Error($"expected a directive location, found {DescribeToken()}");
            locations.Add(ReadName());
        }
        while (Skip(TokenKind.Pipe));
        return new DirectiveDefinitionNode(From(start), description, name, arguments, isRepeatable, locations);
    }

    private static bool IsDirectiveLocation(ReadOnlySpan<char> name)
    {
        foreach (string location in DirectiveLocationNames.All)
        {
            if (name.SequenceEqual(location))
                return true;
        }
        return false;
    }

    private NamedTypeNode[] ReadImplementedInterfaces() => SkipKeyword("implements") ? ReadNamedTypes(TokenKind.Ampersand) : [];

    /// <summary>Type names with a separator between them, and optionally one before the first.</summary>
    private NamedTypeNode[] ReadNamedTypes(TokenKind separator)
    {
        int mark = pending.Count;
        Skip(separator);
        do
            pending.Push(ReadNamedType());
        while (Skip(separator));
        return pending.TakeFrom<NamedTypeNode>(mark);
    }

    private FieldDefinitionNode[] ReadFieldDefinitions()
    {
        if (!Skip(TokenKind.BraceLeft))
            return [];
        int mark = pending.Count;
        do
        {
            SyntaxToken start = token;
            string? description = ReadOptionalDescription();
            string name = ReadName();
            InputValueDefinitionNode[] arguments = ReadInputValues(TokenKind.ParenLeft, TokenKind.ParenRight);
            Expect(TokenKind.Colon);
            TypeNode type = ReadType();
            DirectiveNode[] directives = ReadDirectives(isConstant: true);
            pending.Push(new FieldDefinitionNode(From(start), description, name, arguments, type, directives));
        }
        while (!Skip(TokenKind.BraceRight));
        return pending.TakeFrom<FieldDefinitionNode>(mark);
    }

    private InputValueDefinitionNode[] ReadInputValues(TokenKind open, TokenKind close)
    {
        if (!Skip(open))
            return [];
        int mark = pending.Count;
        do
        {
            SyntaxToken start = token;
            string? description = ReadOptionalDescription();
            string name = ReadName();
            Expect(TokenKind.Colon);
            TypeNode type = ReadType();
            ValueNode? defaultValue = Skip(TokenKind.Equal) ? ReadValue(isConstant: true) : null;
            DirectiveNode[] directives = ReadDirectives(isConstant: true);
            pending.Push(new InputValueDefinitionNode(From(start), description, name, type, defaultValue, directives));
        }
        while (!Skip(close));
        return pending.TakeFrom<InputValueDefinitionNode>(mark);
    }

    private EnumValueDefinitionNode[] ReadEnumValues()
    {
        if (!Skip(TokenKind.BraceLeft))
            return [];
        int mark = pending.Count;
        do
        {
            SyntaxToken start = token;
            string? description = ReadOptionalDescription();
            if (Peek(TokenKind.Name) && Text is "true" or "false" or "null")
                throw Error($"{DescribeToken()} cannot be an enum value");
            string name = ReadName();
            DirectiveNode[] directives = ReadDirectives(isConstant: true);
            pending.Push(new EnumValueDefinitionNode(From(start), description, name, directives));
        }
        while (!Skip(TokenKind.BraceRight));
        return pending.TakeFrom<EnumValueDefinitionNode>(mark);
    }

    /// <summary>An extension must add something.</summary>
    private readonly void RequireContent(bool isExtension, int parts)
    {
        if (isExtension && parts == 0)
            throw Unexpected();
    }
}
