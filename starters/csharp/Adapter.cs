using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Web.Script.Serialization;
using Json = System.Collections.Generic.Dictionary<string, object>;

/// <summary>
/// Connects your code to alipay-qr: one JSON object a line on stdin, one on stdout.
///
/// Fill in Sign first, then run the command that "alipay-qr init" has printed; then go down the list. What you do not
/// have stays as it is. Return raw values, never a verdict. Throw Refused where your own code declines an input before
/// anything is sent, Unsupported where it cannot do this one call; let every other exception pass. An operation that
/// reads no answer says One("outcome", "sent"). Compile with -r:System.Web.Extensions.dll and your own assembly.
/// If you sign with RSA, say so in sign_types; the keys are Text((Json)settings["merchant_private_key"], "pkcs1_pem")
/// (or pkcs1_pem, pkcs8_pem, pkcs1_base64, pkcs8_base64) and Text((Json)settings["alipay_public_key"], "pem") (or
/// pem, base64). A value for which your code has no parameter, such as trade_no, is_sync or another notify_url, is
/// Unsupported. With a static code Alipay names the trade: the out_trade_no of a notification may be new to you.
/// </summary>
public sealed class Adapter
{
    public sealed class Refused : Exception { public Refused(string reason) : base(reason) { } }

    /// <summary>One call alone: if (Text(args, "is_sync") == "Y") throw new Unsupported("it refunds later");</summary>
    public sealed class Unsupported : Exception { public Unsupported(string reason) : base(reason) { } }

    private sealed class NotFilledIn : Exception { }

    /// <summary>What configure said last: partner, sign_type, charset, md5_key, merchant_private_key, ...</summary>
    private Json settings;
    /// <summary>The time it is, in RFC 3339. If your code can be told the time, say clock = true in Hello.</summary>
    private string now;

    // --- level 1: signing -----------------------------------------------------------------------------------

    /// <summary>Params(args) is a list of names and values, which may be null. Add nothing to them.</summary>
    private object Sign(Json args)
    {
        throw new NotFilledIn();
        // return One("sign", MyCode.Sign(Params(args), Text(args, "sign_type"), Text(settings, "md5_key")));
    }

    /// <summary>The text or the bytes that are signed, without the key.</summary>
    // return One("text", "...");  or  One("base64", Convert.ToBase64String(bytes));
    private object Presign(Json args) { throw new NotFilledIn(); }

    /// <summary>Does a message hold? Text(args, "source") is "notification" or "response".</summary>
    // return One("valid", true);
    private object Verify(Json args) { throw new NotFilledIn(); }

    // --- level 2: requests, really sent to Text(args, "gateway_url") ?? Text(settings, "gateway_url") -----------

    // args["biz_data"] is a dictionary; also Text(args, "notify_url")
    // return new Json { ["outcome"] = "success", ["qrcode"] = "..." };
    private object CreateQrCode(Json args) { throw new NotFilledIn(); }

    /// <summary>outcome: success, failed (nothing was done), or unknown (it may have been done).</summary>
    // Text(args, "out_trade_no"), Text(args, "trade_no")
    // return new Json { ["outcome"] = "success", ["action"] = "close" };
    private object Cancel(Json args) { throw new NotFilledIn(); }

    /// <summary>outcome: also accepted, for an asynchronous refund that Alipay has taken.</summary>
    // partner_trans_id, partner_refund_id, refund_amount, currency; maybe refund_reason, is_sync
    // return new Json { ["outcome"] = "failed", ["code"] = "TRADE_NOT_EXIST" };
    private object Refund(Json args) { throw new NotFilledIn(); }

    // --- level 3: notifications -----------------------------------------------------------------------------

    /// <summary>A POST to your notify_url; the body is Convert.FromBase64String(Text(args, "body_base64")).</summary>
    // return One("reply", "success");
    private object Notify(Json args) { throw new NotFilledIn(); }

    // --- level 4: money -------------------------------------------------------------------------------------

    /// <summary>Your shop now awaits a payment: total_fee, currency, maybe out_trade_no, qrcode.</summary>
    // return new Json();
    private object Expect(Json args) { throw new NotFilledIn(); }

    /// <summary>none, waiting, paid, partly_refunded, refunded, cancelled, closed or undecided.</summary>
    // return new Json { ["state"] = "paid", ["paid"] = "10.00", ["currency"] = "USD" };
    private object Trade(Json args) { throw new NotFilledIn(); }

    /// <summary>Forget all trades; keep the settings.</summary>
    private object Reset(Json args) => new Json();

    // --- what your code can do: add each operation here once it is filled in --------------------------------

    private static readonly string[] FilledIn = { "hello", "configure", "reset" };

    // --- nothing to fill in below, but see sign_types, charsets and clock in Hello --------------------------

    private readonly Dictionary<string, Func<Json, object>> operations;

    private Adapter()
    {
        operations = new Dictionary<string, Func<Json, object>>
        {
            ["hello"] = Hello, ["configure"] = Configure, ["reset"] = Reset, ["sign"] = Sign, ["presign"] = Presign,
            ["verify"] = Verify, ["create_qr_code"] = CreateQrCode, ["cancel"] = Cancel, ["refund"] = Refund,
            ["notify"] = Notify, ["expect"] = Expect, ["trade"] = Trade,
        };
    }

    private object Hello(Json args)
    {
        if (Text(args, "protocol") != "1") throw new Unsupported("this adapter speaks protocol 1");
        return new Json
        {
            ["protocol"] = "1", ["name"] = "my shop", ["version"] = "0", ["language"] = "C#",
            ["operations"] = FilledIn, ["sign_types"] = new[] { "MD5" },
            ["charsets"] = new[] { "UTF-8" }, ["clock"] = false, ["parallel"] = false,
        };
    }

    private object Configure(Json args) { settings = args; return new Json(); }

    private Json Answer(string op, Json args)
    {
        try
        {
            if (!operations.ContainsKey(op)) throw new Unsupported("unknown operation " + op);
            return One("result", operations[op](args));
        }
        catch (NotFilledIn)
        {
            return One("unsupported", One("reason", op + " in Adapter.cs is not filled in yet; begin with Sign, and list sign in FilledIn"));
        }
        catch (Unsupported error) { return One("unsupported", One("reason", error.Message)); }
        catch (Refused error) { return One("refused", One("reason", error.Message)); }
        catch (Exception error)
        {
            return One("error", new Json { ["message"] = error.Message, ["traceback"] = error.ToString() });
        }
    }

    public static void Main()
    {
        var json = new JavaScriptSerializer { MaxJsonLength = 1 << 24 };
        var adapter = new Adapter();
        using (var input = new StreamReader(Console.OpenStandardInput(), Encoding.UTF8))
        using (var output = new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)))
        {
            for (string line; (line = input.ReadLine()) != null;)
            {
                var request = json.Deserialize<Json>(line);
                request.TryGetValue("args", out var args);
                adapter.now = Text(request, "now");
                var answer = adapter.Answer(Text(request, "op"), args as Json ?? new Json());
                answer["id"] = request["id"];
                output.Write(json.Serialize(answer) + "\n");
                output.Flush();
            }
        }
    }

    private static List<KeyValuePair<string, string>> Params(Json args) => ((ArrayList)args["params"]).Cast<ArrayList>()
        .Select(pair => new KeyValuePair<string, string>((string)pair[0], (string)pair[1])).ToList();

    private static string Text(Json args, string name) =>
        args.TryGetValue(name, out var value) ? value as string : null;

    private static Json One(string name, object value) => new Json { [name] = value };
}
