// A server of the published WSDL by gSOAP, whose executeMethod answers the values that it
// was given, without CONTEXT, and does nothing else. As many threads as connections that
// are kept alive: each serves one at a time.
// usage: echo THREADS
#include <cstdlib>
#include <iostream>
#include <thread>
#include <vector>

#include <netinet/tcp.h>

#include "InvokerPortBinding.nsmap"
#include "soapInvokerPortBindingService.h"

int InvokerPortBindingService::executeMethod(ns1__executeMethod *request, ns1__executeMethodResponse &response) {
    ns1__responseDTO *answer = soap_new_ns1__responseDTO(soap);
    answer->errorCode = 0;
    answer->errorMessage = soap_new_std__string(soap);
    answer->status = 0;
    answer->values.reserve(request->arg0->values.size());
    for (ns1__valueDTO *value : request->arg0->values)
        if (*value->key != "CONTEXT") answer->values.push_back(value);
    response.return_ = answer;
    return SOAP_OK;
}

// Frees what a request took, before the next of the same connection.
static int release(struct soap *soap) {
    soap_destroy(soap);
    soap_end(soap);
    return SOAP_OK;
}

// Serves one connection after the other; several accept on the same socket.
static void work(SOAP_SOCKET listener) {
    struct soap *soap = soap_new2(SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE, SOAP_C_UTFSTRING | SOAP_IO_KEEPALIVE);
    soap->tcp_keep_alive = 1;
    soap->max_keep_alive = 0; // as many requests as come
    soap->fserveloop = release;
    soap->master = listener;
    InvokerPortBindingService service(soap);
    for (;;) {
        if (!soap_valid_socket(soap_accept(soap))) {
            soap_print_fault(soap, stderr);
            continue;
        }
        int on = 1;
        setsockopt(soap->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        service.serve();
        service.destroy();
    }
}

int main(int argc, char **argv) {
    int threads = argc > 1 ? std::atoi(argv[1]) : 16;
    struct soap *soap = soap_new();
    SOAP_SOCKET listener = soap_bind(soap, "127.0.0.1", 0, 128);
    if (!soap_valid_socket(listener)) {
        soap_print_fault(soap, stderr);
        return 1;
    }
    sockaddr_in address{};
    socklen_t length = sizeof address;
    getsockname(listener, reinterpret_cast<sockaddr *>(&address), &length);
    std::vector<std::thread> pool;
    for (int i = 0; i < threads; i++) pool.emplace_back(work, listener);
    std::cout << "serving http://127.0.0.1:" << ntohs(address.sin_port) << "/" << std::endl;
    for (std::thread &thread : pool) thread.join();
}
