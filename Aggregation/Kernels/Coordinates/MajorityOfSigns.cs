namespace Basgd.Aggregation.Kernels;

/// <summary>The sign that most values have; 0 where as many are positive as negative.</summary>
internal sealed record MajorityOfSigns(int Rows) : ColumnFormula(Rows)
{
    public override void Write(ColumnProgram program)
    {
        var signs = new int[Rows];
        var guards = new int[Rows];
        for (var i = 0; i < Rows; i++)
        {
            signs[i] = program.Sign(i);

            // x − x is 0 for every finite x and overflows for none.
            guards[i] = program.Subtract(i, i);
        }

        program.Finish(program.Sign(program.Sum(signs)), guardRows: false, program.Sum(guards));
    }
}
