import java.net.URL;
import java.util.Calendar;
import javax.xml.rpc.holders.IntHolder;
import javax.xml.rpc.holders.StringHolder;
import org.apache.axis.AxisFault;
import typed.Invoker;
import typed.InvokerServiceLocator;
import typed.SOAP_GET_USERResponse_USER;
import typed.SOAP_GET_USER_CONTEXT;
import typed.SOAP_SIGNUP_CUSTOMERACCOUNT_TYPE;
import typed.SOAP_SIGNUP_CUSTOMERResponse_ACCOUNT;
import typed.SOAP_SIGNUP_CUSTOMER_CONTEXT;
import typed.SOAP_SIGNUP_CUSTOMER_SIGNUP_SERVICES;
import typed.SOAP_SIGNUP_CUSTOMER_SIGNUP_SERVICES_CDMA_SERVICE;
import typed.SOAP_SIGNUP_CUSTOMER_USER;
import typed.holders.SOAP_GET_USERResponse_TRACEHolder;
import typed.holders.SOAP_GET_USERResponse_USERHolder;
import typed.holders.SOAP_SIGNUP_CUSTOMERResponse_ACCOUNTHolder;
import typed.holders.SOAP_SIGNUP_CUSTOMERResponse_TRACEHolder;

/** Calls two hookpoints by the stubs of their typed WSDL: the members of an answer come in holders. */
final class TypedClient {
    private final Invoker port;

    TypedClient(String endpoint) throws Exception {
        port = new InvokerServiceLocator().getInvokerPort(new URL(endpoint));
    }

    void run(String username) throws Exception {
        SOAP_SIGNUP_CUSTOMERResponse_ACCOUNT account = signUp("typedSignup", username);
        Lines lines = new Lines("typedSignup");
        for (var group : account.getBILLING_GROUPS()) {
            lines.amount("BALANCE", group.getBALANCE());
            int i = 0;
            for (var subscription : group.getSUBSCRIPTIONS())
                for (var service : subscription.getSERVICE()) lines.text("ORDER_ID[" + ++i + "]", service.getORDER_ID());
        }
        SOAP_GET_USERResponse_USER user = read("typedUser", account.getOWNER_ID());
        lines = new Lines("typedUser");
        lines.text("FIRST_NAME", user.getFIRST_NAME());
        lines.date("BIRTHDAY", user.getBIRTHDAY());
        lines.date("PERSONAL_ID_EXPIRY_DATE", user.getPERSONAL_ID_EXPIRY_DATE());
        lines.whole("CREDIT_LIMIT", user.getCREDIT_LIMIT());

        signUp("typedTaken", username);
        read("typedFault", "x".repeat(70000));
    }

    private SOAP_SIGNUP_CUSTOMERResponse_ACCOUNT signUp(String step, String username) throws Exception {
        var user = new SOAP_SIGNUP_CUSTOMER_USER();
        user.setFIRST_NAME("Åse & <Øre> €");
        user.setLAST_NAME("Ærlig");
        user.setEMAIL("aase@example.com");
        user.setCITY("Århus");
        user.setZIP("8000");
        user.setBIRTHDAY(Values.utc(1980, Calendar.JANUARY, 31, 0));
        user.setCREDIT_LIMIT(9007199254740993L);
        user.setUSERNAME(username);
        var services = new SOAP_SIGNUP_CUSTOMER_SIGNUP_SERVICES();
        services.setCDMA_SERVICE(new SOAP_SIGNUP_CUSTOMER_SIGNUP_SERVICES_CDMA_SERVICE[] {line("1"), line("2")});
        var context = new SOAP_SIGNUP_CUSTOMER_CONTEXT();
        context.setLANGUAGE("EN");
        context.setOPERATOR("demo");
        context.setPASSWORD("demo");
        context.setBRAND_KEY("DEMO");
        var errorCode = new IntHolder();
        var errorMessage = new StringHolder();
        var status = new IntHolder();
        var account = new SOAP_SIGNUP_CUSTOMERResponse_ACCOUNTHolder();
        port.SOAP_SIGNUP_CUSTOMER(SOAP_SIGNUP_CUSTOMERACCOUNT_TYPE.value1, "POST_PAID", user, null, null, null, services, null, null, null, context,
                errorCode, errorMessage, status, new StringHolder(), new StringHolder(), account, new SOAP_SIGNUP_CUSTOMERResponse_TRACEHolder());
        new Lines(step).head(errorCode.value, errorMessage.value, status.value);
        return account.value;
    }

    private static SOAP_SIGNUP_CUSTOMER_SIGNUP_SERVICES_CDMA_SERVICE line(String order) {
        var line = new SOAP_SIGNUP_CUSTOMER_SIGNUP_SERVICES_CDMA_SERVICE();
        line.setORDER_ID(order);
        return line;
    }

    /** The user with that id; null where the answer is a fault. */
    private SOAP_GET_USERResponse_USER read(String step, String id) throws Exception {
        var context = new SOAP_GET_USER_CONTEXT();
        context.setLANGUAGE("EN");
        context.setOPERATOR("demo");
        context.setPASSWORD("demo");
        context.setBRAND_KEY("DEMO");
        var errorCode = new IntHolder();
        var errorMessage = new StringHolder();
        var status = new IntHolder();
        var user = new SOAP_GET_USERResponse_USERHolder();
        try {
            port.SOAP_GET_USER(id, context, errorCode, errorMessage, status, new StringHolder(), new StringHolder(), user, new SOAP_GET_USERResponse_TRACEHolder());
        } catch (AxisFault fault) {
            new Lines(step).fault(fault);
            return null;
        }
        new Lines(step).head(errorCode.value, errorMessage.value, status.value);
        return user.value;
    }
}
